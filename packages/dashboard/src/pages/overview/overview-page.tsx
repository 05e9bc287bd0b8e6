import { Page } from '../../ui/page.js';

export default function OverviewPage() {
  return <Page title="Overview">Soon.</Page>;
}
