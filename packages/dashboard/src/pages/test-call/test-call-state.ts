import type { LiveEvent, TranscriptTurn } from '@rapida/client';
import type { SpokenWords } from '../../live/spoken-words.js';

/** What the server says in a test call, as text. */
export type ServerMessage =
  | { readonly type: 'started'; readonly callId: string }
  | { readonly type: 'event'; readonly event: LiveEvent }
  | {
      readonly type: 'typed';
      readonly text: string;
      readonly state: 'speaking' | 'spoken' | 'refused';
      readonly reason?: string;
    }
  | { readonly type: 'ended'; readonly reason: string; readonly disconnectedBy: string };

export interface TestCallState {
  readonly phase: 'idle' | 'connecting' | 'talking' | 'ended' | 'failed';
  readonly callId: string | undefined;
  readonly turns: readonly TranscriptTurn[];
  readonly saying: SpokenWords | undefined;
  /** Typed words that are being spoken, or wait to be. */
  readonly typed: readonly string[];
  /** Why it ended, or what went wrong with what was typed. */
  readonly told: string | undefined;
}

export const IDLE: TestCallState = {
  ...{ phase: 'idle', callId: undefined, turns: [], saying: undefined, typed: [], told: undefined },
};

/** Where a test call stands after a message of the server. */
export function testCallAfter(state: TestCallState, message: ServerMessage): TestCallState {
  switch (message.type) {
    case 'started':
      return { ...state, phase: 'talking', callId: message.callId };
    case 'event':
      return afterEvent(state, message.event);
    case 'typed':
      return afterTyped(state, message);
    case 'ended':
      return { ...state, phase: 'ended', saying: undefined, typed: [], told: endingOf(message) };
    default:
      // A newer server may say more.
      return state;
  }
}

function afterEvent(state: TestCallState, { type, data }: LiveEvent): TestCallState {
  const text = typeof data.text === 'string' ? data.text : '';
  if (type === 'caller.partial') return { ...state, saying: { who: 'caller', text, partial: true } };
  if (type === 'caller.said') return { ...state, saying: { who: 'caller', text, partial: false } };
  if (type === 'assistant.saying') return { ...state, saying: { who: 'assistant', text, partial: false } };
  if (type !== 'turn') return state;
  return { ...state, turns: [...state.turns, data as unknown as TranscriptTurn], saying: undefined };
}

function afterTyped(
  state: TestCallState,
  { text, state: became, reason }: Extract<ServerMessage, { readonly type: 'typed' }>,
): TestCallState {
  if (became === 'speaking') return state;
  const at = state.typed.indexOf(text);
  const typed = state.typed.filter((_, index) => index !== at);
  return { ...state, typed, ...(became === 'refused' && { told: `"${text}" was not said: ${reason ?? 'refused'}` }) };
}

const BY: Readonly<Record<string, string>> = { user: 'you', assistant: 'the assistant', system: 'the system' };

function endingOf({ reason, disconnectedBy }: { readonly reason: string; readonly disconnectedBy: string }): string {
  return `Ended by ${BY[disconnectedBy] ?? disconnectedBy}: ${reason.replaceAll('_', ' ')}`;
}
