import type { Call } from '@rapida/client';
import { useAssistantNames } from '../../data/assistants.js';
import { useLiveCalls } from '../../data/calls.js';
import { ButtonLink } from '../../ui/button.js';
import { Answer, Empty } from '../../ui/states.js';
import { VirtualTable } from '../../ui/virtual-table.js';
import { assistantColumn, LENGTH_COLUMN, STATE_COLUMN, WHEN_COLUMN, WORDS_COLUMN, whoColumn } from './columns.js';

const keyOf = ({ id }: Call) => id;

/** What is held, dialled and waiting at this moment. */
export function LiveList() {
  const calls = useLiveCalls();
  const names = useAssistantNames();
  const columns = [STATE_COLUMN, whoColumn(), LENGTH_COLUMN, assistantColumn(names), WHEN_COLUMN, WORDS_COLUMN];
  return (
    <Answer of={calls} what="the calls">
      {(data) =>
        data.length === 0 ? (
          <Empty title="No calls at this moment.">
            <p>A call shows here as soon as it rings. Call your assistant, or let it call somebody.</p>
            <ButtonLink to="/start">First steps</ButtonLink>
          </Empty>
        ) : (
          <>
            <p role="status" className="mb-2 text-muted">
              {data.length === 1 ? '1 call' : `${data.length} calls`} now
            </p>
            <VirtualTable caption="Calls now" columns={columns} items={data} keyOf={keyOf} />
          </>
        )
      }
    </Answer>
  );
}
