import { useEffect, useReducer, useRef } from 'react';
import { socketAddress } from '../../base.js';
import { type TestCallMode, useMakeTestCall } from '../../data/test-calls.js';
import { problemOf } from '../../sound/microphone.js';
import { openTestCallLine, type TestCallLine } from './test-call-line.js';
import { IDLE, type ServerMessage, type TestCallState, testCallAfter } from './test-call-state.js';

type Happening =
  | ServerMessage
  | { readonly type: 'dialled' }
  | { readonly type: 'asked'; readonly text: string }
  | { readonly type: 'lost'; readonly clean: boolean }
  | { readonly type: 'silent'; readonly told: string };

const RATE_HZ = 16_000;

const SOUND_PROBLEMS = {
  insecure: 'Browsers give the microphone to pages of https only: type what you would say.',
  refused: 'The browser does not let this page hear your microphone: allow it, or type what you would say.',
  missing: 'There is no sound here: type what you would say, and read what is answered.',
} as const;

/** A call from this browser, through the very same ears, mind and voice as a telephone's. */
export function useTestCall(assistantId: string) {
  const [state, happen] = useReducer(stateAfter, IDLE);
  const make = useMakeTestCall();
  const line = useRef<TestCallLine>(undefined);
  useEffect(() => () => line.current?.close(), []);
  const start = async (mode: TestCallMode) => {
    line.current?.close();
    happen({ type: 'dialled' });
    // Within the click that asked for it: browsers let no sound begin later.
    const context = new AudioContext({ sampleRate: RATE_HZ });
    try {
      const { path } = await make.mutateAsync({ assistantId, mode });
      const sound = { context, withMicrophone: mode === 'microphone' };
      line.current = openTestCallLine(socketAddress(path, document), sound, {
        onMessage: happen,
        onClosed: (clean) => happen({ type: 'lost', clean }),
        onSoundProblem: (error) => happen({ type: 'silent', told: SOUND_PROBLEMS[problemOf(error)] }),
      });
    } catch {
      // Told by `refusal`.
      await context.close();
      happen({ type: 'lost', clean: false });
    }
  };
  return {
    state,
    /** Why there was no call at all. */
    refusal: make.error,
    start,
    say(text: string): void {
      happen({ type: 'asked', text });
      line.current?.say(text);
    },
    press: (digit: string) => line.current?.press(digit),
    hangUp: () => line.current?.hangUp(),
  };
}

function stateAfter(state: TestCallState, happening: Happening): TestCallState {
  switch (happening.type) {
    case 'dialled':
      return { ...IDLE, phase: 'connecting' };
    case 'asked':
      return { ...state, typed: [...state.typed, happening.text] };
    case 'silent':
      return { ...state, told: happening.told };
    case 'lost':
      if (state.phase === 'ended') return state;
      return { ...state, phase: happening.clean ? 'ended' : 'failed', saying: undefined, typed: [] };
    default:
      return testCallAfter(state, happening);
  }
}
