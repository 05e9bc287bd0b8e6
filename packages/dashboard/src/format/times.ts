/** Moments are shown in the viewer's zone and language; `undefined` as locale is the browser's. */
export interface Viewer {
  readonly locale?: string | undefined;
  readonly timeZone?: string | undefined;
}

/** Today only the time, this year without the year. */
export function shortMoment(iso: string, nowMs: number, { locale, timeZone }: Viewer = {}): string {
  const at = new Date(iso);
  const day = (date: Date) => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone }).format(date);
  const [then, now] = [day(at), day(new Date(nowMs))];
  if (then === now) return new Intl.DateTimeFormat(locale, { timeStyle: 'medium', timeZone }).format(at);
  const year = then.slice(0, 4) === now.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, {
    ...year,
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZone },
  }).format(at);
}

/** To the second, with the zone: what a title says. */
export function fullMoment(iso: string, { locale, timeZone }: Viewer = {}): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long', timeZone }).format(new Date(iso));
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clockDuration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes, seconds] = [Math.floor(total / 3_600), Math.floor(total / 60) % 60, total % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** `340 ms`, `1.24 s`: for latencies. */
export function latency(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

/** `1240 ms`, as the API has it: for figures that are compared with each other. */
export function exactLatency(ms: number): string {
  return `${ms} ms`;
}

/** `just now`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function ago(iso: string, nowMs: number): string {
  const seconds = Math.floor((nowMs - Date.parse(iso)) / 1_000);
  if (seconds < 60) return 'just now';
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}
