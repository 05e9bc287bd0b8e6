import type { OverviewFigures } from '@rapida/client';
import { lazy, Suspense, useState } from 'react';
import { useSearchParams } from 'react-router';
import { browserClock } from '../../clock.js';
import { useOverview } from '../../data/overview.js';
import { ButtonLink } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { Answer, Empty } from '../../ui/states.js';
import { FigureTable } from './figure-table.js';
import { ProviderErrors } from './provider-errors.js';
import { askedFor, RANGES, type Range } from './ranges.js';
import { Stages } from './stages.js';
import { Tiles } from './tiles.js';

// Charts are loaded when there is something to draw.
const OutcomeChart = lazy(() => import('./outcome-chart.js'));
const ResponseChart = lazy(() => import('./response-chart.js'));

const WORDS: Readonly<Record<Range, string>> = { day: '24 hours', week: '7 days', month: '30 days' };

export default function OverviewPage() {
  const [params, setParams] = useSearchParams();
  const range = RANGES.find((one) => one === params.get('range')) ?? 'day';
  const [nowMs] = useState(browserClock.wallMs);
  const overview = useOverview(askedFor(range, nowMs));
  return (
    <Page
      title="Overview"
      actions={
        <SelectField
          label="Of the last"
          value={range}
          onChange={({ target }) => setParams({ range: target.value }, { replace: true })}
        >
          {RANGES.map((one) => (
            <option key={one} value={one}>
              {WORDS[one]}
            </option>
          ))}
        </SelectField>
      }
    >
      <Answer of={overview} what="the figures">
        {(data) => <OverviewContents overview={data} />}
      </Answer>
    </Page>
  );
}

function OverviewContents({ overview }: { readonly overview: OverviewFigures }) {
  const { totals, providers } = overview;
  return (
    <>
      <Tiles overview={overview} />
      {totals.calls === 0 ? (
        <Empty title="There were no calls in this time.">
          <p>Call your assistant from this browser, or connect your Asterisk.</p>
          <ButtonLink to="/start" look="primary">
            First steps
          </ButtonLink>
        </Empty>
      ) : (
        <>
          <Section title="Calls by outcome">
            <Suspense fallback={<div className="h-56 rounded bg-sunken" />}>
              <OutcomeChart overview={overview} />
            </Suspense>
          </Section>
          <Section title="Time to the first sound of an answer">
            <Suspense fallback={<div className="h-56 rounded bg-sunken" />}>
              <ResponseChart overview={overview} />
            </Suspense>
            {totals.responseMs !== null && <Stages parts={totals.responseMs.parts} />}
          </Section>
          {providers.length > 0 && <ProviderErrors providers={providers} />}
          <FigureTable overview={overview} />
        </>
      )}
    </>
  );
}
