import { Rapida, RapidaApiError } from '@rapida/client';
import { readArguments } from './arguments.js';

const USAGE = `Takes part in a live call: says something, hands it on, ends it. What is named is done in this order.

  node examples/typescript/dist/live-call.js --call <id> [--say <text>] [--transfer <context,exten,priority>] [--hangup now]

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
    await calls.say(call, say);
    print('it is being said');
  }
  // Both wait until what is being said was said.
  if (transfer !== '') {
    await calls.transfer(call, transfer);
    print(`it goes on at ${transfer}`);
  }
  if (hangup !== '') {
    await calls.hangup(call);
    print('it is being ended');
  }
  if (transfer !== '' || hangup !== '') {
    const { state, reason } = await calls.waitUntilEnded(call);
    print([state, reason].filter(Boolean).join(': '));
  }
} catch (error) {
  if (!(error instanceof RapidaApiError)) throw error;
  process.stderr.write(`live-call: ${error.message}\n`);
  process.exitCode = 1;
}
