import { Page } from '../../ui/page.js';

export default function NodesPage() {
  return <Page title="Nodes">Soon.</Page>;
}
