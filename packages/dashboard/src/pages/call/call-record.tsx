import type { Call } from '@rapida/client';
import { useCallEvents, useCallMetrics, useTranscript } from '../../data/calls.js';
import { CodeBlock } from '../../ui/code-block.js';
import { Answer } from '../../ui/states.js';

/** All of it as the API tells it. */
export function CallRecordJson({ call }: { readonly call: Call }) {
  const events = useCallEvents(call.id);
  const transcript = useTranscript(call.id);
  const metrics = useCallMetrics(call.id);
  const parts = [events, transcript, metrics];
  // Half a record would be saved as if it were the whole.
  const whole =
    events.data === undefined || transcript.data === undefined || metrics.data === undefined
      ? undefined
      : { call, transcript: transcript.data, events: events.data, metrics: metrics.data };
  const record = {
    data: whole,
    error: parts.find(({ error }) => error !== null)?.error ?? null,
    refetch: () => Promise.all(parts.map(({ refetch }) => refetch())),
  };
  return (
    <Answer of={record} what="the record">
      {(data) => (
        <CodeBlock
          title={`Call ${call.id} as JSON`}
          text={JSON.stringify(data, null, 2)}
          fileName={`call-${call.id}.json`}
        />
      )}
    </Answer>
  );
}
