import type { Call } from '@rapida/client';
import { Badge } from '../../ui/badge.js';
import { Section } from '../../ui/page.js';

const OUTCOMES = {
  yes: { text: 'Success', tone: 'good' },
  no: { text: 'No success', tone: 'bad' },
  unknown: { text: 'Not known', tone: 'neutral' },
} as const;

/** What a language model made of the call. */
export function CallAnalysisSection({ analysis }: { readonly analysis: NonNullable<Call['analysis']> }) {
  const { state, summary, success, extraction, error } = analysis;
  return (
    <Section title="After the call">
      {state === 'pending' && <p className="text-muted">Is being made...</p>}
      {state === 'failed' && <p className="text-bad">Could not be made: {error}</p>}
      {summary !== null && <p className="mb-2">{summary}</p>}
      {success !== null && (
        <p className="mb-2">
          <Badge tone={OUTCOMES[success.outcome].tone}>{OUTCOMES[success.outcome].text}</Badge> {success.reason}
        </p>
      )}
      {extraction !== null && (
        <pre className="overflow-x-auto rounded bg-sunken p-2 font-mono text-xs">
          {JSON.stringify(extraction, null, 2)}
        </pre>
      )}
    </Section>
  );
}
