import { Page } from '../../ui/page.js';

export default function NewAssistantPage() {
  return <Page title="New assistant">Soon.</Page>;
}
