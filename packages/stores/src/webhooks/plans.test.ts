import type { DeliveryRecord, WebhookStore } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../database/database.js';
import { openEmbedded } from '../database/embedded.js';
import { watchPlans } from '../database/plans.test.helper.js';
import { createSqlWebhookStore } from './sql.js';

let database: Database;
let webhooks: WebhookStore;
let plan: ReturnType<typeof watchPlans>['plan'];
beforeEach(async () => {
  database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
  const watched = watchPlans(database);
  webhooks = createSqlWebhookStore(watched.database);
  plan = watched.plan;
});
afterEach(() => database.close());

const aDelivery: DeliveryRecord = {
  ...{ id: '7', webhookId: '5', projectId: '1', callId: '3', seq: 1, type: 'x', body: '{}', state: 'pending' },
  ...{ attempts: 0, nextAtMs: 1, lastStatus: null, lastError: null, createdAtMs: 1, deliveredAtMs: null },
};

async function store(delivery: DeliveryRecord): Promise<void> {
  await webhooks.create({
    ...{ id: delivery.webhookId, projectId: '1', assistantId: null, url: 'https://example.com', events: [] },
    ...{ enabled: true, sealedSecret: '', createdAtMs: 1, updatedAtMs: 1 },
  });
  await webhooks.addTest(delivery);
}

describe('the deliveries that are asked for on the loop that carries the sound', () => {
  const byDue = 'SEARCH first USING COVERING INDEX webhook_deliveries_by_webhook_due (webhook_id=? AND due_at_ms<?)';

  it.each([[[]], [['1', '2', '3']]])(
    'finds what is due of each webhook in an index, passing over %o',
    async (passOver) => {
      await webhooks.due(5, 200, passOver);
      const steps = await plan();
      expect(steps).toContain(byDue);
      expect(steps[0]).toMatch(/^(SCAN|SEARCH) webhooks\b/);
      expect(steps.filter((step) => step.includes(' delivery '))).toEqual([
        'SEARCH delivery USING INDEX sqlite_autoindex_webhook_deliveries_1 (id=?)',
      ]);
    },
  );

  it('passes a turn on in the index of the call', async () => {
    await store(aDelivery);
    await webhooks.attempted('7', { state: 'pending', status: 500, error: null, atMs: 1, nextAtMs: 2 });
    // The last of three is by id; before it who is first, and before that whose turn ends.
    expect((await plan(1)).join()).toContain(
      'INDEX webhook_deliveries_by_turn (webhook_id=? AND call_id=? AND state=?)',
    );
    expect((await plan(2)).join()).toContain('INDEX webhook_deliveries_by_turn (webhook_id=? AND call_id=?)');
  });

  it.each([
    [{}, '(project_id=?)'],
    [{ state: 'dead' as const }, '(project_id=? AND state=?)'],
    [{ webhookId: '5' }, '(project_id=? AND webhook_id=?)'],
    [{ webhookId: '5', state: 'dead' as const }, '(project_id=? AND webhook_id=? AND state=?)'],
    [{ callId: '3' }, '(project_id=? AND call_id=?)'],
    [{ callId: '3', webhookId: '5', state: 'dead' as const }, '(project_id=? AND call_id=?)'],
  ])('lists those of %o in the order of an index', async (filter, by) => {
    await webhooks.deliveries('1', filter, 10, null);
    const steps = await plan();
    expect(steps).toHaveLength(1);
    expect(steps[0]).toContain(by);
  });

  it('finds what may be forgotten in an index', async () => {
    await webhooks.forgetDeliveries(5, 10);
    expect((await plan()).join()).toContain('webhook_deliveries_by_state_created (state=? AND created_at_ms<?)');
  });
});

it('removes a webhook with its deliveries by an index', async () => {
  const { rows } = await sql<{ detail: string }>`explain query plan
    delete from webhook_deliveries where webhook_id = '5'`.execute(database.kysely);
  expect(rows.map(({ detail }) => detail).join()).toMatch(
    /^SEARCH webhook_deliveries USING .*INDEX .*\(webhook_id=\?\)$/,
  );
});
