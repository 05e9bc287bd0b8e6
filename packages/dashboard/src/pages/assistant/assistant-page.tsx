import { Page } from '../../ui/page.js';

export default function AssistantPage() {
  return <Page title="Assistant">Soon.</Page>;
}
