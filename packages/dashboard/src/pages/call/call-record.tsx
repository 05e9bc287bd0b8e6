import type { Call } from '@rapida/client';
import { useCallEvents, useCallMetrics, useTranscript } from '../../data/calls.js';
import { CodeBlock } from '../../ui/code-block.js';

/** All of it as the API tells it. */
export function CallRecordJson({ call }: { readonly call: Call }) {
  const { data: events = [] } = useCallEvents(call.id);
  const { data: transcript = [] } = useTranscript(call.id);
  const { data: metrics = [] } = useCallMetrics(call.id);
  const text = JSON.stringify({ call, transcript, events, metrics }, null, 2);
  return <CodeBlock title={`Call ${call.id} as JSON`} text={text} fileName={`call-${call.id}.json`} />;
}
