import type { Call, LiveEvent } from '@rapida/client';
import { useCallback, useState } from 'react';
import { Link } from 'react-router';
import { browserClock } from '../../clock.js';
import { useNewestArrival } from '../../data/calls.js';
import { useLiveEvents } from '../../live/live-provider.js';
import { Moment } from '../../ui/moment.js';
import { Failure } from '../../ui/states.js';
import { type Refused, readRefused } from './refused.js';

/** Waits for the first webhook, and says what went wrong with one that was refused. */
export function WaitForCall({ assistantId }: { readonly assistantId: string }) {
  const [sinceMs] = useState(browserClock.wallMs);
  const [refused, setRefused] = useState<Refused>();
  const arrival = useNewestArrival(assistantId);
  useLiveEvents(useCallback((event: LiveEvent) => setRefused((last) => readRefused(event) ?? last), []));
  return (
    <div role="status" className="rounded-md border border-line bg-sunken px-3 py-2">
      {arrival.data === undefined && arrival.error !== null ? (
        <Failure error={arrival.error} onRetry={arrival.refetch} />
      ) : (
        <Words arrival={arrival.data ?? undefined} refused={refused} sinceMs={sinceMs} />
      )}
    </div>
  );
}

interface WordsProps {
  readonly arrival: Call | undefined;
  readonly refused: Refused | undefined;
  readonly sinceMs: number;
}

function Words({ arrival, refused, sinceMs }: WordsProps) {
  if (arrival !== undefined && Date.parse(arrival.createdAt) >= sinceMs) {
    return (
      <p className="font-medium text-good">
        Your Asterisk has called, for {arrival.from}, at <Moment at={arrival.createdAt} />.{' '}
        <Link to={`/calls/${arrival.id}`} className="underline">
          See the call
        </Link>
      </p>
    );
  }
  if (refused !== undefined) {
    return (
      <p className="font-medium text-bad">
        Your Asterisk has asked at <Moment at={refused.at} /> and was refused: {refused.what} {refused.next}{' '}
        <code>{refused.code}</code>
      </p>
    );
  }
  return (
    <p>
      Waiting for your Asterisk: load the files, then call the extension.
      {arrival !== undefined && (
        <>
          {' '}
          It has called before, at <Moment at={arrival.createdAt} />.
        </>
      )}
    </p>
  );
}
