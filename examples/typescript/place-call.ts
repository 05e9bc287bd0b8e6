import { type Call, Rapida, RapidaApiError } from '@rapida/client';
import { readArguments } from './arguments.js';

const USAGE = `Places a call and follows it to its end. Ends with 0 where the call was completed, else with 1.

  node examples/typescript/dist/place-call.js --to <number> [--assistant <id>] [--from <number>]

Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls"), RAPIDA_ASSISTANT_ID for --assistant.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { url, apiKey, assistantId, to, from } = readArguments(USAGE, {
  url: { variable: 'RAPIDA_URL', standard: 'http://localhost:8080' },
  apiKey: { variable: 'RAPIDA_API_KEY' },
  assistantId: { option: 'assistant', variable: 'RAPIDA_ASSISTANT_ID' },
  to: { option: 'to' },
  from: { option: 'from', standard: '' },
});

try {
  const rapida = new Rapida({ url, apiKey });
  const placed = await rapida.calls.create({ assistantId, to, ...(from !== '' && { from }) });
  print(`call ${placed.id}`);
  let last: Call | undefined;
  for await (const call of rapida.calls.follow(placed.id)) {
    print([call.state, call.reason].filter(Boolean).join(': '));
    last = call;
  }
  process.exitCode = last?.state === 'completed' ? 0 : 1;
} catch (error) {
  // Its code is stable, its text is for people; the key is in neither.
  if (!(error instanceof RapidaApiError)) throw error;
  process.stderr.write(`place-call: ${error.message}\n`);
  process.exitCode = 1;
}
