import { exactLatency } from '../../format/times.js';
import type { Bar, Stage, Waterfall } from './waterfall.js';

const STAGES: Readonly<Record<Stage, { readonly label: string; readonly fill: string }>> = {
  silence: { label: 'End of speech', fill: 'bg-line-strong' },
  recognition: { label: 'of it recognition', fill: 'bg-caller' },
  tools: { label: 'Tools', fill: 'bg-warn' },
  model: { label: 'Model', fill: 'bg-good' },
  sentence: { label: 'First sentence', fill: 'bg-warn' },
  voice: { label: 'Voice', fill: 'bg-accent' },
  other: { label: 'Other', fill: 'bg-bad' },
};

interface WaterfallBarsProps {
  readonly waterfall: Waterfall;
  /** What the whole width stands for, the same in all turns of a call. */
  readonly spanMs: number;
}

/** Where the time before an answer went. The bars are for the eye; the figures beside them are text. */
export function WaterfallBars({ waterfall: { responseMs, bars }, spanMs }: WaterfallBarsProps) {
  return (
    <details className="mt-1 text-xs">
      <summary className="text-muted marker:text-line-strong">
        First sound after{' '}
        <b className="figure text-text" data-figure="response">
          {responseMs === undefined ? 'nothing was heard' : exactLatency(responseMs)}
        </b>
        <span aria-hidden="true" className="relative mt-1 mb-0.5 block h-2.5 overflow-hidden rounded bg-sunken">
          {bars.map((bar) => (
            <Piece key={bar.stage} bar={bar} spanMs={spanMs} />
          ))}
        </span>
      </summary>
      <ul className="mt-1 grid grid-cols-[repeat(auto-fill,minmax(9rem,1fr))] gap-x-3 gap-y-0.5">
        {bars.map(({ stage, lengthMs }) => (
          <li key={stage} className="flex items-center gap-1.5">
            <span aria-hidden="true" className={`size-2 rounded-xs ${STAGES[stage].fill}`} />
            {STAGES[stage].label}
            <span className="figure ml-auto" data-figure={stage}>
              {exactLatency(lengthMs)}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Piece({ bar: { stage, startMs, lengthMs }, spanMs }: { readonly bar: Bar; readonly spanMs: number }) {
  const percent = (ms: number) => `${(ms / spanMs) * 100}%`;
  return (
    <span
      className={`absolute h-full ${STAGES[stage].fill} ${stage === 'recognition' ? 'top-1/2' : 'top-0'}`}
      style={{ left: percent(startMs), width: percent(lengthMs) }}
    />
  );
}
