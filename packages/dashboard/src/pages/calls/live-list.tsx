import type { Call } from '@rapida/client';
import { useAssistantNames } from '../../data/assistants.js';
import { useLiveCalls } from '../../data/live-calls.js';
import type { FeedState } from '../../live/live-feed.js';
import { useFeedState } from '../../live/live-provider.js';
import { ButtonLink } from '../../ui/button.js';
import { Answer, Empty, Failure } from '../../ui/states.js';
import { useIsWide } from '../../ui/use-is-wide.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import {
  assistantColumn,
  LENGTH_COLUMN,
  NODE_COLUMN,
  STATE_COLUMN,
  WHEN_COLUMN,
  WHO_AND_WORDS_COLUMN,
  WHO_COLUMN,
  WORDS_COLUMN,
} from './columns.js';
import { liveCount } from './live-count.js';

const keyOf = ({ id }: Call) => id;

/** Two lines of words in each. */
const ROW_PX = 52;
/** Without the live feed the list is looked at so often; the feed tells at once. */
const LOOK_MS = 5_000;

/** What is held, dialled and waiting at this moment. */
export function LiveList() {
  const feed = useFeedState();
  const calls = useLiveCalls(feed === 'open' ? 0 : LOOK_MS);
  return (
    <>
      <FeedTrouble state={feed} />
      {calls.data !== undefined && calls.error !== null && <Failure error={calls.error} onRetry={calls.refetch} />}
      <Answer of={calls} what="the calls">
        {({ calls: held, isCut }) =>
          held.length === 0 ? (
            <Empty title="No calls at this moment.">
              <p>A call shows here as soon as it rings. Call your assistant, or let it call somebody.</p>
              <ButtonLink to="/start">First steps</ButtonLink>
            </Empty>
          ) : (
            <LiveTable calls={held} isCut={isCut} />
          )
        }
      </Answer>
    </>
  );
}

interface LiveTableProps {
  readonly calls: readonly Call[];
  readonly isCut: boolean;
}

function LiveTable({ calls, isCut }: LiveTableProps) {
  const names = useAssistantNames();
  const columns = useIsWide()
    ? [STATE_COLUMN, WHO_COLUMN, LENGTH_COLUMN, assistantColumn(names), NODE_COLUMN, WHEN_COLUMN, WORDS_COLUMN]
    : [STATE_COLUMN, WHO_AND_WORDS_COLUMN, LENGTH_COLUMN];
  return (
    <>
      <p role="status" className="mb-2 text-muted">
        {liveCount(calls)}
      </p>
      {isCut && (
        <p className="mb-2 text-muted">
          More calls wait than are shown here. All of them are in the history, with the state &quot;Waiting&quot;.
        </p>
      )}
      <VirtualTable caption="Calls now" columns={columns} items={calls} keyOf={keyOf} rowPx={ROW_PX} />
    </>
  );
}

const TROUBLE: Readonly<Partial<Record<FeedState, string>>> = {
  lost: 'The live connection was lost; it is being made again.',
  away: 'There is no live connection: the server is away, or has too many of them.',
};

/** What is missing while nobody tells what happens. */
function FeedTrouble({ state }: { readonly state: FeedState | undefined }) {
  const trouble = state === undefined ? undefined : TROUBLE[state];
  if (trouble === undefined) return null;
  return (
    <p role="status" className="mb-3 rounded-md border border-warn bg-warn-soft px-3 py-2">
      {trouble} Until then the list is read every {LOOK_MS / 1_000} seconds, without the words that are spoken.
    </p>
  );
}
