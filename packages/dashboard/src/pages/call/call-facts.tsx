import type { Call } from '@rapida/client';
import { Link } from 'react-router';
import { useAssistantNames } from '../../data/assistants.js';
import { endingWords, talkMs } from '../../format/call-words.js';
import { clockDuration } from '../../format/times.js';
import { Facts } from '../../ui/facts.js';
import { GrowingLength, Moment } from '../../ui/moment.js';

export function CallFacts({ call }: { readonly call: Call }) {
  const names = useAssistantNames();
  const { assistantId, assistantVersion, connectedAt, endedAt, transport, format, outbound } = call;
  const given = (name: string, value: string | null | undefined) => (value == null ? [] : [[name, value] as const]);
  return (
    <Facts
      facts={[
        ['Direction', call.direction === 'inbound' ? 'came in' : 'placed'],
        ['From', call.from],
        ...given('To', call.to),
        [
          'Assistant',
          <Link key="assistant" to={`/assistants/${assistantId}`} className="text-accent underline">
            {names.get(assistantId) ?? assistantId}
            {assistantVersion !== null && `, version ${assistantVersion}`}
          </Link>,
        ],
        ['Began', <Moment key="began" at={call.createdAt} />],
        ['Connected', <Moment key="connected" at={connectedAt} />],
        ['Ended', <Moment key="ended" at={endedAt} />],
        ['Length', <Length key="length" call={call} />],
        ...given('Ending', endingWords(call)),
        ...given('Sound', transport === null ? null : `${transport}${format === null ? '' : `, ${format}`}`),
        ...given('Attempts', outbound === null ? null : `${outbound.attempt} of ${outbound.attemptsMax}`),
        ...given('Afterwards', call.directive),
        ...given('Channel', call.channelId),
        ['Call id', <code key="id">{call.id}</code>],
        ['Context id', <code key="context">{call.contextId}</code>],
        ...Object.entries(call.metadata).map(([name, value]) => [`metadata ${name}`, value] as const),
        ...Object.entries(call.args).map(([name, value]) => [`argument ${name}`, value] as const),
      ]}
    />
  );
}

function Length({ call }: { readonly call: Call }) {
  if (call.connectedAt === null) return '-';
  if (call.endedAt === null) return <GrowingLength since={call.connectedAt} />;
  return clockDuration(talkMs(call, 0) ?? 0);
}
