import { AssistantFrame } from '../assistant/assistant-frame.js';
import { TestCall } from './test-call.js';

export default function TestCallPage() {
  return <AssistantFrame>{({ id }) => <TestCall key={id} assistantId={id} />}</AssistantFrame>;
}
