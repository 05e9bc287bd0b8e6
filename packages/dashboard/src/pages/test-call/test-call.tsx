import { useState } from 'react';
import { Link } from 'react-router';
import type { TestCallMode } from '../../data/test-calls.js';
import { microphoneMissing } from '../../sound/microphone.js';
import { Button } from '../../ui/button.js';
import { Section } from '../../ui/page.js';
import { Failure } from '../../ui/states.js';
import { Keypad } from './keypad.js';
import { SayForm } from './say-form.js';
import { TestTranscript } from './test-transcript.js';
import { useTestCall } from './use-test-call.js';

interface TestCallProps {
  readonly assistantId: string;
  readonly title?: string;
}

/** Call the assistant from here: by voice, or by typing what a voice then speaks. */
export function TestCall({ assistantId, title = 'Call it from this browser' }: TestCallProps) {
  const { state, refusal, start, say, press, hangUp } = useTestCall(assistantId);
  const [mode, setMode] = useState<TestCallMode>('text');
  const isOn = state.phase === 'connecting' || state.phase === 'talking';
  const begin = (wanted: TestCallMode) => {
    setMode(wanted);
    void start(wanted);
  };
  return (
    <Section
      title={title}
      actions={
        isOn ? (
          <Button look="danger" onClick={hangUp}>
            Hang up
          </Button>
        ) : (
          <StartButtons onStart={begin} />
        )
      }
    >
      <p role="status" className="mb-2 text-muted">
        {wordsOf(state.phase)} {state.told}
        {state.callId !== undefined && !isOn && (
          <>
            {' '}
            <Link to={`/calls/${state.callId}`} className="text-accent underline">
              See its record
            </Link>
          </>
        )}
      </p>
      {refusal !== null && <Failure error={refusal} />}
      <TestTranscript state={state} />
      {state.phase === 'talking' && (
        <div className="mt-3 grid gap-4 sm:grid-cols-[minmax(0,1fr)_auto]">
          {mode === 'text' ? <SayForm waiting={state.typed} onSay={say} /> : <p className="text-muted">Speak now.</p>}
          <Keypad onPress={press} />
        </div>
      )}
    </Section>
  );
}

function StartButtons({ onStart }: { readonly onStart: (mode: TestCallMode) => void }) {
  const isMissing = microphoneMissing();
  return (
    <span className="flex flex-wrap items-center gap-2">
      <Button look="primary" disabled={isMissing} onClick={() => onStart('microphone')}>
        Call with the microphone
      </Button>
      <Button onClick={() => onStart('text')}>Call and type</Button>
      {isMissing && <span className="text-xs text-muted">The microphone needs a page of https.</span>}
    </span>
  );
}

const PHASES = {
  idle: 'Nothing of your telephone system is needed for this: the call goes from this browser to the assistant.',
  connecting: 'Connecting...',
  talking: 'Connected.',
  ended: 'The call is over.',
  failed: 'The call came to nothing, or broke off.',
} as const;

function wordsOf(phase: keyof typeof PHASES): string {
  return PHASES[phase];
}
