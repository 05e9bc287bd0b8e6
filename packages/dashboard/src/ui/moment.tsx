import { browserClock } from '../clock.js';
import { ago, clockDuration, fullMoment, shortMoment } from '../format/times.js';
import { useNowMs } from '../live/now.js';

/** A moment in the viewer's zone; its title has all of it. */
export function Moment({ at }: { readonly at: string | null }) {
  if (at === null) return <span className="text-muted">-</span>;
  return (
    <time dateTime={at} title={fullMoment(at)} className="figure whitespace-nowrap">
      {shortMoment(at, browserClock.wallMs())}
    </time>
  );
}

/** How long ago, for lists of what was used when. */
export function Ago({ at }: { readonly at: string | null }) {
  if (at === null) return <span className="text-muted">never</span>;
  return (
    <time dateTime={at} title={fullMoment(at)} className="figure whitespace-nowrap">
      {ago(at, browserClock.wallMs())}
    </time>
  );
}

/** A length that grows while nothing has ended it. */
export function GrowingLength({ since }: { readonly since: string }) {
  const nowMs = useNowMs();
  return <span className="figure">{clockDuration(nowMs - Date.parse(since))}</span>;
}
