import { Page } from '../../ui/page.js';

export default function AssistantsPage() {
  return <Page title="Assistants">Soon.</Page>;
}
