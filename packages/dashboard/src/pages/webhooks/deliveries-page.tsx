import { Page } from '../../ui/page.js';

export default function DeliveriesPage() {
  return <Page title="Deliveries">Soon.</Page>;
}
