import { useCallback, useMemo, useState } from 'react';
import { Button, ButtonLink } from '../../ui/button.js';
import { TextArea } from '../../ui/field.js';
import { Page, Section } from '../../ui/page.js';
import { AssistantChoice } from './assistant-choice.js';
import { FileChoice } from './file-choice.js';
import { type OrderList, ordersFrom } from './list-orders.js';
import { ListProgress } from './list-progress.js';
import { usePlacing } from './placing.js';

const EXAMPLE = 'to,customer\n+15551234567,Ann Miller\n+15557654321,Bob Smith';
const PROBLEMS_SHOWN_MAX = 10;

export default function PlaceListPage() {
  const [assistantId, setAssistantId] = useState('');
  const [text, setText] = useState('');
  const { placing, start, stop } = usePlacing();
  const list = useMemo(() => (text.trim() === '' ? undefined : ordersFrom(text)), [text]);
  const choose = useCallback((id: string) => setAssistantId(id), []);
  const isReady = list !== undefined && list.problems.length === 0 && assistantId !== '';
  return (
    <Page
      title="Place many calls"
      about="From a CSV: a column `to`, perhaps `from`, and any others, which become metadata. They wait in the queue, and are dialled as fast as the limits allow."
      actions={<ButtonLink to="/calls">Calls</ButtonLink>}
    >
      {placing.state === 'idle' ? (
        <Section title="The list">
          <div className="flex max-w-3xl flex-col gap-3">
            <AssistantChoice value={assistantId} onChoose={choose} />
            <FileChoice onText={setText} />
            <TextArea
              label="The list as text"
              rows={8}
              placeholder={EXAMPLE}
              spellCheck={false}
              className="font-mono text-xs"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
            {list !== undefined && <Verdict list={list} />}
            <div>
              <Button
                look="primary"
                disabled={!isReady}
                onClick={() => void start(list?.orders.map(({ call }) => ({ ...call, assistantId })) ?? [])}
              >
                Place {isReady ? list.orders.length : ''} calls
              </Button>
            </div>
          </div>
        </Section>
      ) : (
        <ListProgress placing={placing} onStop={stop} />
      )}
    </Page>
  );
}

function Verdict({ list: { orders, problems } }: { readonly list: OrderList }) {
  if (problems.length === 0) return <p role="status">{orders.length} calls, all of them as they should be.</p>;
  return (
    <div role="alert" className="rounded-md border border-bad bg-bad-soft px-3 py-2 text-bad">
      <p className="font-medium">Nothing is placed before these are corrected:</p>
      <ul>
        {problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
        {problems.length > PROBLEMS_SHOWN_MAX && <li>and {problems.length - PROBLEMS_SHOWN_MAX} more</li>}
      </ul>
    </div>
  );
}
