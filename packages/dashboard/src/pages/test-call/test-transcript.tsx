import { TurnRow } from '../call/turn-row.js';
import { spanMs, type Waterfall, waterfallAt } from '../call/waterfall.js';
import type { TestCallState } from './test-call-state.js';

/** What was said, with where the time before each answer went, and what is being said. */
export function TestTranscript({ state: { turns, saying, phase } }: { readonly state: TestCallState }) {
  const waterfalls = turns.map((_, index) => waterfallAt(turns, index));
  const span = spanMs(waterfalls.filter((one): one is Waterfall => one !== undefined));
  return (
    <>
      <ol aria-label="Transcript" aria-live="polite">
        {turns.map((turn, index) => (
          <TurnRow
            key={`${turn.startMs}-${turn.role}`}
            index={index}
            count={turns.length}
            measure={undefined}
            turn={turn}
            waterfall={waterfalls[index]}
            spanMs={span}
            positionMs={undefined}
            onHear={undefined}
          />
        ))}
      </ol>
      {phase === 'talking' && (
        <p className="min-h-9 rounded-md bg-sunken px-3 py-2">
          {saying === undefined ? (
            <span className="text-muted">Nobody is speaking.</span>
          ) : (
            <>
              <b className={saying.who === 'caller' ? 'text-caller' : 'text-accent'}>
                {saying.who === 'caller' ? 'You' : 'Assistant'}:
              </b>{' '}
              {saying.text}
              {saying.partial && '...'}
            </>
          )}
        </p>
      )}
    </>
  );
}
