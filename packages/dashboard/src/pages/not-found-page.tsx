import { ButtonLink } from '../ui/button.js';
import { Page } from '../ui/page.js';
import { Empty } from '../ui/states.js';

export default function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <Empty title="There is no page under this address.">
        <ButtonLink to="/calls">Go to the calls</ButtonLink>
      </Empty>
    </Page>
  );
}
