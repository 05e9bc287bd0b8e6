import type { Call } from '@rapida/client';
import { Link } from 'react-router';
import { otherSide, talkMs } from '../../format/call-words.js';
import { clockDuration } from '../../format/times.js';
import { useSpokenLines } from '../../live/live-provider.js';
import type { SpokenWords } from '../../live/spoken-words.js';
import { CallStateBadge } from '../../ui/badge.js';
import { GrowingLength, Moment } from '../../ui/moment.js';
import type { Column } from '../../ui/table.js';

const WHO_WIDTH = 'w-[42%] md:w-44';

export const WHO_COLUMN: Column<Call> = {
  title: 'Who',
  className: WHO_WIDTH,
  cell: (call) => <Who call={call} />,
};

/** Where the window is narrow the words have no column of their own. */
export const WHO_AND_WORDS_COLUMN: Column<Call> = {
  title: 'Who, and what is said',
  className: 'w-[50%]',
  cell: (call) => (
    <>
      <Who call={call} />
      <LastWords callId={call.id} />
    </>
  ),
};

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
    className: 'w-36',
    wideOnly: true,
    // Without any name they are still being read.
    cell: ({ assistantId }) =>
      names.get(assistantId) ?? (names.size > 0 && <span className="text-muted">removed</span>),
  };
}

/** A call that waits is of no node yet. */
export const NODE_COLUMN: Column<Call> = {
  title: 'Node',
  className: 'w-28',
  wideOnly: true,
  cell: ({ nodeId, state }) =>
    state === 'queued' ? <span className="text-muted">-</span> : <code title={nodeId}>{nodeId}</code>,
};

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
  title: 'What is said',
  wideOnly: true,
  cell: ({ id }) => <Words callId={id} />,
};

function Who({ call }: { readonly call: Call }) {
  return (
    <Link to={`/calls/${call.id}`} className="font-medium text-accent hover:underline">
      <span aria-hidden="true">{call.direction === 'inbound' ? '→ ' : '← '}</span>
      <span className="sr-only">{call.direction === 'inbound' ? 'From ' : 'To '}</span>
      {otherSide(call)}
    </Link>
  );
}

function Length({ call }: { readonly call: Call }) {
  if (call.connectedAt === null) return <span className="text-muted">-</span>;
  if (call.endedAt === null) return <GrowingLength since={call.connectedAt} />;
  return clockDuration(talkMs(call, 0) ?? 0);
}

function Words({ callId }: { readonly callId: string }) {
  const [first, second] = useSpokenLines(callId);
  if (first === undefined) return <span className="text-muted">-</span>;
  return (
    <>
      <Line line={first} />
      {second !== undefined && <Line line={second} />}
    </>
  );
}

function LastWords({ callId }: { readonly callId: string }) {
  const line = useSpokenLines(callId).at(-1);
  return line !== undefined && <Line line={line} />;
}

/** One line, of which the end is seen where it is too long: what is being said now. */
function Line({ line: { who, text, partial } }: { readonly line: SpokenWords }) {
  return (
    <span
      title={text}
      data-who={who}
      className={`flex justify-end overflow-hidden text-xs ${who === 'caller' ? 'text-caller' : 'text-accent'}`}
    >
      <span className="min-w-full shrink-0 whitespace-nowrap">
        <span className="sr-only">{who}: </span>
        {text === '' && !partial ? <em>not understood</em> : text}
        {partial && '...'}
      </span>
    </span>
  );
}
