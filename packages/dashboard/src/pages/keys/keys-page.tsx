import { Page } from '../../ui/page.js';

export default function KeysPage() {
  return <Page title="Keys">Soon.</Page>;
}
