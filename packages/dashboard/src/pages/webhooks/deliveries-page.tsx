import type { DeliveryFilter } from '@rapida/client';
import { useSearchParams } from 'react-router';
import { useWebhooks } from '../../data/webhooks.js';
import { ButtonLink } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Page } from '../../ui/page.js';
import { DeliveryList } from './delivery-list.js';

const STATES = [
  { state: 'pending', label: 'Waiting' },
  { state: 'delivered', label: 'Delivered' },
  { state: 'dead', label: 'Given up' },
] as const;

export default function DeliveriesPage() {
  const [params, setParams] = useSearchParams();
  const { data: webhooks = [] } = useWebhooks();
  const [webhookId, state] = [params.get('webhookId') ?? '', params.get('state') ?? ''];
  const change = (name: string, value: string) =>
    setParams(
      (old) => {
        const next = new URLSearchParams(old);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true },
    );
  const filter = {
    ...(webhookId !== '' && { webhookId }),
    ...(state !== '' && { state: state as NonNullable<DeliveryFilter['state']> }),
  };
  return (
    <Page
      title="Deliveries"
      about="What webhooks were told, will be told, and were told in vain."
      actions={<ButtonLink to="/webhooks">Webhooks</ButtonLink>}
    >
      <search className="mb-3 grid max-w-2xl gap-2 sm:grid-cols-2">
        <SelectField label="Webhook" value={webhookId} onChange={({ target }) => change('webhookId', target.value)}>
          <option value="">Any</option>
          {webhooks.map(({ id, url }) => (
            <option key={id} value={id}>
              {url}
            </option>
          ))}
        </SelectField>
        <SelectField label="State" value={state} onChange={({ target }) => change('state', target.value)}>
          <option value="">Any</option>
          {STATES.map((one) => (
            <option key={one.state} value={one.state}>
              {one.label}
            </option>
          ))}
        </SelectField>
      </search>
      <DeliveryList filter={filter} />
    </Page>
  );
}
