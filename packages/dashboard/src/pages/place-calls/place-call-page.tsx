import { Page } from '../../ui/page.js';

export default function PlaceCallPage() {
  return <Page title="Place a call">Soon.</Page>;
}
