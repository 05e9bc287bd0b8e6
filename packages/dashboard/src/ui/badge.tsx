import type { ReactNode } from 'react';
import { stateWords, type Tone } from '../format/call-words.js';
import { classNames } from './class-names.js';

const TONES: Readonly<Record<Tone, string>> = {
  neutral: 'bg-sunken text-muted',
  live: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
};

/** Says it in words; the colour only helps. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span
      className={classNames('inline-block rounded px-1.5 py-0.5 text-xs font-medium whitespace-nowrap', TONES[tone])}
    >
      {children}
    </span>
  );
}

export function CallStateBadge({ state }: { readonly state: string }) {
  const { text, tone } = stateWords(state);
  return <Badge tone={tone}>{text}</Badge>;
}
