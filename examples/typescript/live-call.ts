import { Rapida, RapidaApiError } from '@rapida/client';
import { readArguments } from './arguments.js';

const USAGE = `Takes part in a live call: says something, hands it on, or ends it.

  node examples/typescript/dist/live-call.js --call <id> --say <text>
  node examples/typescript/dist/live-call.js --call <id> --transfer <context,exten,priority>
  node examples/typescript/dist/live-call.js --call <id> --hangup now

A transfer needs its target on the list of the assistant: rapida assistants deploy --transfer-target reception,s,1
Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls").`;

const { url, apiKey, call, say, transfer, hangup } = readArguments(USAGE, {
  url: { variable: 'RAPIDA_URL', standard: 'http://localhost:8080' },
  apiKey: { variable: 'RAPIDA_API_KEY' },
  call: { option: 'call' },
  say: { option: 'say', standard: '' },
  transfer: { option: 'transfer', standard: '' },
  hangup: { option: 'hangup', standard: '' },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

try {
  const { calls } = new Rapida({ url, apiKey });
  if (say !== '') {
    // It is said when nobody speaks; a transfer or a hangup that comes before that drops it.
    await calls.say(call, say);
    print('it will be said');
  } else if (transfer !== '' || hangup !== '') {
    if (transfer !== '') await calls.transfer(call, transfer);
    else await calls.hangup(call);
    // What is being said is finished first.
    const { state, reason } = await calls.waitUntilEnded(call);
    print([state, reason].filter(Boolean).join(': '));
  } else {
    process.stderr.write(`missing: --say, --transfer or --hangup\n\n${USAGE}\n`);
    process.exitCode = 2;
  }
} catch (error) {
  if (!(error instanceof RapidaApiError)) throw error;
  process.stderr.write(`live-call: ${error.message}\n`);
  process.exitCode = 1;
}
