import { Page } from '../../ui/page.js';

export default function PlaceListPage() {
  return <Page title="Place many">Soon.</Page>;
}
