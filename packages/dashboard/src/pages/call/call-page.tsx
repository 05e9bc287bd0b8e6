import type { Call } from '@rapida/client';
import { useParams, useSearchParams } from 'react-router';
import { isOver, useCall } from '../../data/calls.js';
import { useServer } from '../../data/server.js';
import { useMay } from '../../data/session.js';
import { otherSide } from '../../format/call-words.js';
import { CallStateBadge } from '../../ui/badge.js';
import { buttonClass } from '../../ui/button.js';
import { Page, Section } from '../../ui/page.js';
import { Answer } from '../../ui/states.js';
import { type Tab, Tabs } from '../../ui/tabs.js';
import { DeliveryList } from '../webhooks/delivery-list.js';
import { CallActions } from './call-actions.js';
import { CallAnalysisSection } from './call-analysis.js';
import { CallEvents } from './call-events.js';
import { CallFacts } from './call-facts.js';
import { CallMetrics } from './call-metrics.js';
import { CallRecordJson } from './call-record.js';
import { Conversation } from './conversation.js';

export default function CallPage() {
  const { id = '' } = useParams();
  const call = useCall(id);
  return (
    <Answer of={call} what="the call">
      {(data) => <OneCall key={id} call={data} />}
    </Answer>
  );
}

function OneCall({ call }: { readonly call: Call }) {
  const [params, setParams] = useSearchParams();
  const { url } = useServer();
  const title = call.direction === 'inbound' ? `Call from ${otherSide(call)}` : `Call to ${otherSide(call)}`;
  return (
    <Page
      title={title}
      about={<CallStateBadge state={call.state} />}
      actions={
        <>
          {!isOver(call) && <CallActions call={call} />}
          {call.hasRecording && (
            <a className={buttonClass()} href={`${url}/v1/calls/${call.id}/recording`} download={`call-${call.id}.wav`}>
              Download the sound
            </a>
          )}
        </>
      }
    >
      <div className="gap-5 xl:grid xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <Tabs
            label="Parts of the call"
            tabs={useTabs(call)}
            value={params.get('tab') ?? 'conversation'}
            onChange={(tab) => setParams(tab === 'conversation' ? {} : { tab }, { replace: true })}
          />
        </div>
        <div className="max-xl:mt-5">
          {call.analysis !== null && <CallAnalysisSection analysis={call.analysis} />}
          <Section title="About the call">
            <CallFacts call={call} />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function useTabs(call: Call): readonly Tab[] {
  const isAdmin = useMay('admin');
  const deliveries = { name: 'deliveries', label: 'Callbacks', content: <DeliveryList filter={{ callId: call.id }} /> };
  return [
    { name: 'conversation', label: 'Conversation', content: <Conversation call={call} /> },
    { name: 'events', label: 'Events', content: <CallEvents callId={call.id} /> },
    ...(isAdmin ? [deliveries] : []),
    { name: 'metrics', label: 'Metrics', content: <CallMetrics callId={call.id} /> },
    { name: 'json', label: 'JSON', content: <CallRecordJson call={call} /> },
  ];
}
