import { bytesFrom, type DroppedSound, messagesOf, openSoundLine, type Sound, type SoundLine } from './call-sound.js';
import type { LiveEvent } from './call-stream.js';
import type { Http } from './http.js';
import { inPath, type RequestOptions } from './pages.js';
import type { NewTestCall, RegisteredTestCall } from './schemas.js';
import type { SocketMessages } from './socket-messages.js';

/** What comes of a test call, first `started`, last `ended`. `sound` is what the assistant says, in real time, with one channel. */
export type TestCallMessage =
  | { readonly type: 'started'; readonly callId: string; readonly rateHz: number; readonly frameMs: number }
  | Sound
  | DroppedSound
  /** As `calls.stream` tells it. */
  | { readonly type: 'event'; readonly event: Omit<LiveEvent, 'id'> }
  /** What became of words that were given to {@link TestCall.say}. */
  | {
      readonly type: 'typed';
      readonly text: string;
      readonly state: 'speaking' | 'spoken' | 'refused';
      readonly reason?: 'empty' | 'too_long' | 'too_many' | 'voice_failed' | (string & {});
    }
  | {
      readonly type: 'ended';
      readonly state: string;
      readonly reason: string | null;
      readonly disconnectedBy: 'user' | 'assistant' | 'system' | null;
    };

/** Registers a test call and connects it; see `Assistants.testCall`. */
export async function startTestCall(
  http: Http,
  assistantId: string,
  body: NewTestCall,
  { signal }: RequestOptions,
): Promise<TestCall> {
  const path = `/v1/assistants/${inPath(assistantId)}/test-calls`;
  const registered = await http.json<RegisteredTestCall>('POST', path, { body, signal });
  const line: SoundLine = { http, path: `/${registered.path}`, channels: 1, signal };
  return new TestCall(registered.callId, await openSoundLine(line), line);
}

/** A call in which this program is the caller. Iterate it, once: it goes on while it is iterated, and ends with the loop. */
export class TestCall implements AsyncIterable<TestCallMessage> {
  readonly callId: string;
  readonly #messages: SocketMessages;
  readonly #line: SoundLine;

  constructor(callId: string, messages: SocketMessages, line: SoundLine) {
    this.callId = callId;
    this.#messages = messages;
    this.#line = line;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TestCallMessage, void, undefined> {
    return messagesOf<TestCallMessage>(this.#messages, this.#line);
  }

  /** Mode `text`: a voice speaks 1 to 500 characters into the call, as the caller. Up to 5 of them wait; `typed` tells what became of each. */
  say(text: string): void {
    this.#tell({ type: 'say', text });
  }

  /** Mode `microphone`: up to 200 ms of the caller's sound, 16 bits, 16 kHz, one channel, in real time: 20 ms every 20 ms is best. */
  speak(samples: Int16Array): void {
    this.#messages.send(bytesFrom(samples));
  }

  /** One of `0123456789*#ABCD`. */
  press(digit: string): void {
    this.#tell({ type: 'dtmf', digit });
  }

  /** The record has the end a moment later, and `ended` tells it. */
  hangup(): void {
    this.#tell({ type: 'hangup' });
  }

  #tell(message: object): void {
    this.#messages.send(JSON.stringify(message));
  }
}
