import { createFakeAri, FAKE_MODULES, type FakeAri } from '@rapida/ari/testing';
import { ERRORS, systemClock } from '@rapida/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARI_USER, callingAssistant } from '../server/support/outbound.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import type { Viewer } from './support/viewer.js';

const [WRONG, RIGHT] = ['not-the-password-of-ari', 'only-the-server-knows'];

const dashboard = new DashboardUnderTest();
let viewer: Viewer;
let pbx: FakeAri;
/** All that the server has answered. */
const answers: Promise<string>[] = [];

beforeAll(async () => {
  const modules = { ...FAKE_MODULES, 'chan_websocket.so': 'Not Running' as const };
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: RIGHT, modules });
  viewer = await dashboard.signedIn();
  viewer.page.on('response', (response) => {
    // The stream has no end to wait for.
    if (!response.url().includes('/v1/calls/stream')) answers.push(response.text().catch(() => ''));
  });
});
afterAll(() => pbx?.close());

describe('a credential of an Asterisk', () => {
  it('is made with a wrong password, and its test says what the Asterisk says', async () => {
    const { page } = viewer;
    await viewer.open('/credentials');
    await page.getByRole('button', { name: 'Create Credential' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('office');
    await dialog.getByLabel('ARI address').fill(pbx.url);
    await dialog.getByLabel('ARI user').fill(ARI_USER);
    await dialog.getByLabel('ARI password').fill(WRONG);
    await dialog.getByLabel('Trunk').fill('trunk');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'office', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Test office' }).click();
    await page.getByText('It does not open').waitFor();
    await page.getByText(new RegExp(ERRORS.ari_unauthorized.text.slice(0, 30))).waitFor();
  });

  it('is rotated, and its test tells the version, and the module that does not run', async () => {
    const { page } = viewer;
    await page.getByRole('button', { name: 'Change office' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Give it a new value').check();
    expect(await dialog.getByLabel('ARI password').inputValue()).toBe('');
    await dialog.getByLabel('ARI address').fill(pbx.url);
    await dialog.getByLabel('ARI user').fill(ARI_USER);
    await dialog.getByLabel('ARI password').fill(RIGHT);
    await dialog.getByLabel('Trunk').fill('trunk');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Test office' }).click();
    await page.getByText('Asterisk 22.10.1 answered; these modules are not running: chan_websocket').waitFor();
    await viewer.expectAccessible();
  });

  it('says who uses it, and stays while somebody does', async () => {
    const { page } = viewer;
    const { api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/credentials');
    await callingAssistant(api, data[0]?.id ?? '', { phone: '+15550001111' });
    await viewer.open('/credentials');
    await page
      .getByRole('row')
      .filter({ hasText: 'office' })
      .getByRole('link', { name: /^calls/ })
      .waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Give the assistants that are named another credential first.').waitFor();
  });

  it('has never come back to the browser', async () => {
    const texts = await Promise.all(answers);
    expect(texts.length).toBeGreaterThan(10);
    for (const secret of [WRONG, RIGHT]) {
      expect(texts.filter((text) => text.includes(secret))).toEqual([]);
      expect(await viewer.page.content()).not.toContain(secret);
    }
  });
});
