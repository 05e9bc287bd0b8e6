import { Page } from '../../ui/page.js';

export default function TestCallPage() {
  return <Page title="Test call">Soon.</Page>;
}
