import { Rapida, RapidaApiError, type TestCall } from '@rapida/client';
import { WebSocket } from 'ws';
import { readArguments } from './arguments.js';

const USAGE = `Tries an assistant without a telephone: says something, prints the conversation, and looks for words in what is answered.

  node examples/typescript/dist/try-assistant.js --assistant <id> --say <text> --expect <words>

A voice speaks the text into the call: recogniser, model, voice and turn-taking are those of every call, and the call is on record.
Environment: RAPIDA_URL (http://localhost:8080), RAPIDA_API_KEY (scope "calls"), RAPIDA_ASSISTANT_ID.
Ends with 0 where the words were heard, and with 1 where they were not. For a pipeline, before a version is published.`;

const { url, apiKey, assistant, say, expect } = readArguments(USAGE, {
  url: { variable: 'RAPIDA_URL', standard: 'http://localhost:8080' },
  apiKey: { variable: 'RAPIDA_API_KEY' },
  assistant: { option: 'assistant', variable: 'RAPIDA_ASSISTANT_ID' },
  say: { option: 'say' },
  expect: { option: 'expect' },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What the assistant said after the text; the call is over then. */
async function answerTo(call: TestCall): Promise<string> {
  const answers: string[] = [];
  let turns = 0;
  for await (const one of call) {
    if (one.type === 'typed' && one.state === 'refused') throw new Error(`the text was refused: ${one.reason}`);
    if (one.type !== 'event' || one.event.type !== 'turn') continue;
    const { role, text } = one.event.data as { readonly role: string; readonly text: string };
    print(`${role}: ${text}`);
    turns++;
    // The greeting comes first, where there is one; then it is our turn.
    if (turns === 1) call.say(say);
    else if (role === 'assistant') {
      answers.push(text);
      call.hangup();
    }
  }
  return answers.join(' ');
}

try {
  // Node has a WebSocket of its own from version 22 on; this line is for those before.
  const rapida = new Rapida({ url, apiKey, webSocket: (address, headers) => new WebSocket(address, { headers }) });
  const call = await rapida.assistants.testCall(assistant, { mode: 'text' }, { signal: AbortSignal.timeout(120_000) });
  const answer = await answerTo(call);
  const isHeard = answer.toLowerCase().includes(expect.toLowerCase());
  print(isHeard ? `heard: ${expect}` : `not heard: ${expect}`);
  process.exitCode = isHeard ? 0 : 1;
} catch (error) {
  if (!(error instanceof RapidaApiError)) throw error;
  process.stderr.write(`try-assistant: ${error.message}\n`);
  process.exitCode = 1;
}
