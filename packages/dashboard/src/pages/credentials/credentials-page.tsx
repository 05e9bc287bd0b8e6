import { Page } from '../../ui/page.js';

export default function CredentialsPage() {
  return <Page title="Credentials">Soon.</Page>;
}
