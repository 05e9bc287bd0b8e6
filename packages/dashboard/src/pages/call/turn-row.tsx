import type { TranscriptTurn } from '@rapida/client';
import { Fragment, memo } from 'react';
import { clockDuration } from '../../format/times.js';
import { Badge } from '../../ui/badge.js';
import { classNames } from '../../ui/class-names.js';
import type { Waterfall } from './waterfall.js';
import { WaterfallBars } from './waterfall-bars.js';
import { wordAt, wordTimes } from './word-times.js';

interface TurnRowProps {
  /** Its place among all turns, of which only some may be in the page. */
  readonly index: number;
  readonly count: number;
  /** Is given the element, to know how high it is. Undefined: all turns are in the page. */
  readonly measure: ((element: HTMLElement | null) => void) | undefined;
  readonly turn: TranscriptTurn;
  readonly waterfall: Waterfall | undefined;
  readonly spanMs: number;
  /** Undefined: nothing of it sounds at this moment. */
  readonly positionMs: number | undefined;
  /** Undefined: there is no recording. */
  readonly onHear: ((atMs: number) => void) | undefined;
}

/** What one side said: each word can be heard, and what was cut off is told apart. */
export const TurnRow = memo(function TurnRow(props: TurnRowProps) {
  const { index, count, measure, turn, waterfall, spanMs, positionMs, onHear } = props;
  const { role, interrupted, startMs, unheard } = turn;
  const isCaller = role === 'user';
  return (
    <li
      ref={measure}
      data-index={index}
      aria-posinset={index + 1}
      aria-setsize={count}
      className="grid grid-cols-[3.2rem_minmax(0,1fr)] gap-x-2 border-t border-line py-2 first:border-t-0"
    >
      <span className="figure pt-0.5 text-xs text-muted">{clockDuration(startMs)}</span>
      <div className="min-w-0">
        <p className={classNames('text-xs font-semibold', isCaller ? 'text-caller' : 'text-accent')}>
          {isCaller ? 'Caller' : 'Assistant'}
        </p>
        <p className="[overflow-wrap:anywhere]">
          <Words turn={turn} positionMs={positionMs} onHear={onHear} />
          {interrupted && (
            <>
              {unheard !== undefined && (
                <>
                  {' '}
                  <span className="sr-only">not heard: </span>
                  <s className="text-muted">{unheard}</s>
                </>
              )}{' '}
              <Badge tone="warn">interrupted: the rest was not heard</Badge>
            </>
          )}
        </p>
        {waterfall !== undefined && <WaterfallBars waterfall={waterfall} spanMs={spanMs} />}
      </div>
    </li>
  );
});

function Words({ turn, positionMs, onHear }: Pick<TurnRowProps, 'turn' | 'positionMs' | 'onHear'>) {
  if (onHear === undefined) return turn.text;
  const words = wordTimes(turn);
  const current = positionMs === undefined ? -1 : wordAt(words, positionMs);
  return words.map(({ text, startMs }, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: words of a turn do not change their places
    <Fragment key={index}>
      {index > 0 && ' '}
      <button
        type="button"
        // The first word of a turn is enough for the keyboard; all of them would be hundreds of stops.
        tabIndex={index === 0 ? 0 : -1}
        onClick={() => onHear(startMs)}
        aria-current={index === current ? true : undefined}
        className={classNames('rounded-xs hover:bg-accent-soft', index === current && 'bg-accent-soft underline')}
      >
        {text}
      </button>
    </Fragment>
  ));
}
