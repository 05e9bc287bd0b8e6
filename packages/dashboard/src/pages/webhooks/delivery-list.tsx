import type { Delivery, DeliveryFilter } from '@rapida/client';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { useDeliveries, useResend } from '../../data/webhooks.js';
import type { Tone } from '../../format/call-words.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { useNotice } from '../../ui/notices.js';
import { Answer, Empty, Failure } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';

const STATES: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  pending: { text: 'Waiting', tone: 'live' },
  delivered: { text: 'Delivered', tone: 'good' },
  failed: { text: 'Given up', tone: 'bad' },
  dead: { text: 'Given up', tone: 'bad' },
};

interface DeliveryListProps {
  readonly filter: Omit<DeliveryFilter, 'cursor' | 'limit'>;
}

/** What webhooks were told, will be told, and were told in vain. */
export function DeliveryList({ filter }: DeliveryListProps) {
  const deliveries = useDeliveries(filter);
  const columns = useColumns(filter.callId === undefined);
  return (
    <Answer of={deliveries} what="the deliveries">
      {({ pages }) => {
        const items = pages.flatMap(({ data }) => data);
        if (items.length === 0) {
          return (
            <Empty title="Nothing was delivered.">
              <p>
                A{' '}
                <Link to="/webhooks" className="text-accent underline">
                  webhook
                </Link>{' '}
                tells another program of what happens in calls.
              </p>
            </Empty>
          );
        }
        return (
          <>
            <Table caption="Deliveries, newest first" columns={columns} items={items} keyOf={({ id }) => id} />
            {deliveries.error !== null && <Failure error={deliveries.error} />}
            {deliveries.hasNextPage && (
              <Button
                className="mt-2"
                disabled={deliveries.isFetchingNextPage}
                onClick={() => void deliveries.fetchNextPage()}
              >
                Show older ones
              </Button>
            )}
          </>
        );
      }}
    </Answer>
  );
}

function useColumns(namesCall: boolean): readonly Column<Delivery>[] {
  return useMemo(
    () => [
      { title: 'State', cell: ({ state }) => <StateBadge state={state} /> },
      { title: 'Event', cell: ({ type }) => <code>{type}</code> },
      ...(namesCall ? [CALL_COLUMN] : []),
      { title: 'When', cell: ({ createdAt }) => <Moment at={createdAt} /> },
      { title: 'Tries', cell: ({ attempts }) => <span className="figure">{attempts}</span>, wideOnly: true },
      { title: 'Answer', cell: (delivery) => <LastAnswer delivery={delivery} />, wideOnly: true },
      { title: 'Next try', cell: ({ nextAt }) => <Moment at={nextAt} />, wideOnly: true },
      { title: 'Again', cell: ({ id, type }) => <ResendButton id={id} type={type} /> },
    ],
    [namesCall],
  );
}

const CALL_COLUMN: Column<Delivery> = {
  title: 'Call',
  cell: ({ callId }) =>
    callId === null ? (
      <span className="text-muted">test</span>
    ) : (
      <Link to={`/calls/${callId}`} className="text-accent underline">
        {callId}
      </Link>
    ),
};

function StateBadge({ state }: { readonly state: string }) {
  const { text, tone } = STATES[state] ?? { text: state, tone: 'neutral' as const };
  return <Badge tone={tone}>{text}</Badge>;
}

function LastAnswer({ delivery: { lastStatus, lastError } }: { readonly delivery: Delivery }) {
  if (lastStatus === null && lastError === null) return <span className="text-muted">-</span>;
  return (
    <span className="[overflow-wrap:anywhere]">
      {lastStatus !== null && `HTTP ${lastStatus} `}
      {lastError !== null && <span className="text-muted">{lastError}</span>}
    </span>
  );
}

function ResendButton({ id, type }: { readonly id: string; readonly type: string }) {
  const resend = useResend();
  const tell = useNotice();
  return (
    <Button
      disabled={resend.isPending}
      aria-label={`Re-send ${type}`}
      onClick={() =>
        resend.mutate(id, {
          onSuccess: () => tell('It is sent once more.'),
          onError: () => tell('It could not be sent again: try in a moment.'),
        })
      }
    >
      Re-send
    </Button>
  );
}
