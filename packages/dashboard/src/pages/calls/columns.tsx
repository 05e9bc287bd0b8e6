import type { Call } from '@rapida/client';
import { Link } from 'react-router';
import { otherSide, talkMs } from '../../format/call-words.js';
import { clockDuration } from '../../format/times.js';
import { useSpokenWords } from '../../live/live-provider.js';
import { CallStateBadge } from '../../ui/badge.js';
import { GrowingLength, Moment } from '../../ui/moment.js';
import type { Column } from '../../ui/table.js';

export function whoColumn(): Column<Call> {
  return {
    title: 'Who',
    className: 'w-[42%] md:w-52',
    cell: (call) => (
      <Link to={`/calls/${call.id}`} className="font-medium text-accent hover:underline">
        <span aria-hidden="true">{call.direction === 'inbound' ? '→ ' : '← '}</span>
        <span className="sr-only">{call.direction === 'inbound' ? 'From ' : 'To '}</span>
        {otherSide(call)}
      </Link>
    ),
  };
}

export const STATE_COLUMN: Column<Call> = {
  title: 'State',
  className: 'w-28',
  cell: ({ state }) => <CallStateBadge state={state} />,
};

export const WHEN_COLUMN: Column<Call> = {
  title: 'Began',
  className: 'w-32',
  wideOnly: true,
  cell: ({ createdAt }) => <Moment at={createdAt} />,
};

export const LENGTH_COLUMN: Column<Call> = {
  title: 'Length',
  className: 'w-20 figure',
  cell: (call) => <Length call={call} />,
};

export function assistantColumn(names: ReadonlyMap<string, string>): Column<Call> {
  return {
    title: 'Assistant',
    className: 'w-44',
    wideOnly: true,
    cell: ({ assistantId }) => names.get(assistantId) ?? <span className="text-muted">removed</span>,
  };
}

export const ENDED_COLUMN: Column<Call> = {
  title: 'Ended by',
  wideOnly: true,
  cell: ({ disconnectedBy, reason }) => (
    <span className="text-muted">
      {[disconnectedBy, reason?.replaceAll('_', ' ')].filter((part) => part != null).join(': ')}
    </span>
  ),
};

export const WORDS_COLUMN: Column<Call> = {
  title: 'Is saying',
  wideOnly: true,
  cell: ({ id }) => <Words callId={id} />,
};

function Length({ call }: { readonly call: Call }) {
  if (call.connectedAt === null) return <span className="text-muted">-</span>;
  if (call.endedAt === null) return <GrowingLength since={call.connectedAt} />;
  return clockDuration(talkMs(call, 0) ?? 0);
}

function Words({ callId }: { readonly callId: string }) {
  const words = useSpokenWords(callId);
  if (words === undefined) return <span className="text-muted">-</span>;
  return (
    <span className={words.who === 'caller' ? 'text-caller' : 'text-accent'}>
      <span className="sr-only">{words.who}: </span>
      {words.text}
      {words.partial && '...'}
    </span>
  );
}
