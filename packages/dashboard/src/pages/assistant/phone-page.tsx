import { Page } from '../../ui/page.js';

export default function PhonePage() {
  return <Page title="Phone">Soon.</Page>;
}
