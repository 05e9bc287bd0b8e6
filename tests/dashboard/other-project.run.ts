import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { systemClock } from '@rapida/core';
import { createSqlStores, openEmbedded } from '@rapida/stores';
import { beforeAll, describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const OTHER_KEY = `rpd-${'o'.repeat(43)}`;

const dashboard = new DashboardUnderTest();
let assistantId = '';
let callId = '';
beforeAll(async () => {
  await dashboard.call('--say', 'thank you goodbye').finished;
  const { api } = dashboard.server;
  const newest = async (path: string) =>
    (await api.get<{ data: readonly { id: string }[] }>(`${path}?limit=1`)).data[0]?.id ?? '';
  [assistantId, callId] = [await newest('/v1/assistants'), await newest('/v1/calls')];
  await dashboard.restart((folder) => addProject(join(folder, 'rapida.db')));
}, 90_000);

/** One server has one project so far; its store knows of several. */
async function addProject(file: string): Promise<void> {
  const database = await openEmbedded({ file, clock: systemClock });
  const id = '2';
  await database.kysely
    .insertInto('projects')
    .values({ id: id.padStart(20, '0'), name: 'other', created_at_ms: systemClock.wallMs(), default_slot: null })
    .execute();
  const { keys } = createSqlStores(database, () => id, { feed: { publish() {} }, clock: systemClock });
  const key = { id: '3', projectId: id, name: 'others', scopes: ['admin'] as const, prefix: 'rpd-oooooo' };
  const hash = createHash('sha256').update(OTHER_KEY).digest('hex');
  await keys.create({ ...key, createdAtMs: systemClock.wallMs(), revokedAtMs: null }, hash);
  await database.close();
}

describe('whoever signs in with a key of another project', () => {
  it('sees nothing of this one', async () => {
    const { page, ...viewer } = await dashboard.viewer();
    await viewer.signIn(OTHER_KEY);
    await viewer.open('/calls?view=history');
    await page.getByText('No call').first().waitFor();
    await viewer.open('/assistants');
    expect(await page.getByText('Front desk').count()).toBe(0);
    viewer.expectQuiet();
    for (const path of [`/calls/${callId}`, `/assistants/${assistantId}`]) {
      await page.goto(`${dashboard.server.url}${path}`);
      await page.getByText('It may belong to another project').first().waitFor();
      expect(await page.getByText('front desk').count()).toBe(0);
    }
  });

  it('cannot change the password of this one', async () => {
    const { page, ...viewer } = await dashboard.viewer();
    await viewer.signIn(OTHER_KEY);
    await viewer.open('/password');
    await page.getByLabel('New password').fill('correct horse battery');
    await page.getByLabel('The same again').fill('correct horse battery');
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password is that of another project').waitFor();
  });
});
