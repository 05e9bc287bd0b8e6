import { Page } from '../../ui/page.js';

export default function VersionsPage() {
  return <Page title="Versions">Soon.</Page>;
}
