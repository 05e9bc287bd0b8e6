import { Page } from '../../ui/page.js';

export default function FirstRunPage() {
  return <Page title="First steps">Soon.</Page>;
}
