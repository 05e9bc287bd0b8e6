import { join } from 'node:path';
import { systemClock } from '@rapida/core';
import { openEmbedded } from '@rapida/stores';
import { describe, expect, it } from 'vitest';
import { request } from '../server/support/api.js';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const PASSWORD = 'correct horse battery';

const dashboard = new DashboardUnderTest();

describe('signing in', () => {
  it('begins with the link that the first start printed, which sets the password', async () => {
    const { page, ...viewer } = await dashboard.viewer();
    const link = /http:\/\/\S+\/setup#\S+/.exec(dashboard.server.stdout())?.[0] ?? '';
    await page.goto(link);
    await page.getByRole('heading', { name: 'Set a password' }).waitFor();
    expect(page.url()).not.toContain('#');
    await viewer.expectAccessible();

    await page.getByLabel('New password').fill('short');
    await page.getByLabel('The same again').fill('short');
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await page.getByText('needs at least 10 characters').waitFor();
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await page.getByText('The two are not the same').waitFor();
    await page.getByLabel('The same again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();

    await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor();
    viewer.expectQuiet();
  });

  it('says that a password is wrong, and lets the right one in', async () => {
    const { page, ...viewer } = await dashboard.viewer();
    await page.goto(`${dashboard.server.url}/assistants`);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This is not the password.').waitFor();
    await viewer.expectAccessible();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByLabel('Password').press('Enter');
    // Where one wanted to go is where one comes to.
    await page.getByRole('heading', { name: 'Assistants', level: 1 }).waitFor();
  });

  it('says that a key is not known, and lets the right one in', async () => {
    const { page } = await dashboard.viewer();
    await page.goto(`${dashboard.server.url}/keys`);
    await page.getByRole('button', { name: 'Sign in with an API key' }).click();
    await page.getByLabel('API key').fill('rpd-nobody-has-this-one');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('This API key is not known here, or was revoked.').waitFor();
    await page.getByLabel('API key').fill(dashboard.server.api.key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  });

  it('is asked for again when the session is over, and leads back to the page', async () => {
    const { page, context, ...viewer } = await dashboard.signedIn();
    await viewer.open('/nodes');
    await context.clearCookies();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.getByRole('button', { name: 'Sign in with an API key' }).click();
    await page.getByLabel('API key').fill(dashboard.server.api.key);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Nodes', level: 1 }).waitFor();
  });

  it('is asked for again when the key it was made with is revoked', async () => {
    const { api } = dashboard.server;
    const { key, id } = await api.send<{ key: string; id: string }>('POST', '/v1/api-keys', {
      ...{ name: 'for a day', scopes: ['admin'] },
    });
    const { page, ...viewer } = await dashboard.viewer();
    await viewer.signIn(key);
    await request(api.url, `/v1/api-keys/${id}`, { method: 'DELETE', key: api.key });
    // Whatever is asked next; the live events may end first.
    await page.goto(`${dashboard.server.url}/nodes`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('is with another password after that was changed, which ends what others have open', async () => {
    const next = `${PASSWORD} staple`;
    const withPassword = async (password: string) => {
      const { page, ...viewer } = await dashboard.viewer();
      await page.goto(`${dashboard.server.url}/password`);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      return { page, ...viewer };
    };
    const [other, { page, ...viewer }] = [await withPassword(PASSWORD), await withPassword(PASSWORD)];
    await other.page.getByRole('heading', { name: 'Password', level: 1 }).waitFor();

    await page.getByLabel('Password so far').fill('not the password');
    await page.getByLabel('New password').fill(next);
    await page.getByLabel('The same again').fill(next);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('This is not the password.').waitFor();
    await viewer.expectAccessible();
    await page.getByLabel('Password so far').fill(PASSWORD);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByText('The password was changed.').waitFor();
    expect(await page.getByLabel('New password').inputValue()).toBe('');

    await other.page.goto(`${dashboard.server.url}/nodes`);
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    const { page: old } = await withPassword(PASSWORD);
    await old.getByText('This is not the password.').waitFor();
    await withPassword(next).then(({ page }) => page.getByRole('heading', { name: 'Password', level: 1 }).waitFor());
  });

  it('is not taken from a page of somebody else', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/nodes');
    // Another origin for the browser, the same server and, by its address, the same cookie jar.
    const foreign = dashboard.server.url.replace('127.0.0.1', 'localhost');
    await page.goto(`${foreign}/healthz`);
    const status = await page.evaluate(async (url) => {
      const sent = { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' } as const;
      return (await fetch(`${url}/v1/assistants`, sent)).type;
    }, dashboard.server.url);
    expect(status).toBe('opaque');
    const { data } = await dashboard.server.api.get<{ data: readonly unknown[] }>('/v1/assistants');
    expect(data).toHaveLength(1);
  });

  it('ends for good when one signs out', async () => {
    const { page, context } = await dashboard.signedIn();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await context.cookies()).toEqual([]);
  });

  it('leaves no key in the browser but the cookie that no script can read', async () => {
    const { page, context } = await dashboard.signedIn();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).toBe('[{},{},""]');
    expect(await context.cookies()).toMatchObject([{ name: 'rapida_session', httpOnly: true, sameSite: 'Strict' }]);
  });

  it('shows a key that may only steer calls what it may, and nothing else', async () => {
    const { api } = dashboard.server;
    const { key } = await api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'desk', scopes: ['calls'] });
    const { page, ...viewer } = await dashboard.viewer();
    await viewer.signIn(key);
    const places = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();
    expect(places).toEqual(['Overview', 'Calls', 'Assistants', 'First steps']);
    await viewer.open('/assistants');
    expect(await page.getByRole('link', { name: 'New assistant' }).count()).toBe(0);
    viewer.expectQuiet();
  });

  it('is over when its time is, whoever holds the cookie', async () => {
    const { page, context, ...viewer } = await dashboard.signedIn();
    await viewer.open('/nodes');
    const cookies = await context.cookies();
    await dashboard.restart((folder) => letSessionsExpire(join(folder, 'rapida.db')));
    // The same host: the browser sends the cookie to any port of it.
    await page.goto(`${dashboard.server.url}/nodes`);
    expect((await context.cookies()).map(({ value }) => value)).toEqual(cookies.map(({ value }) => value));
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  });

  it('is slowed down for who tries many passwords', async () => {
    const { page } = await dashboard.viewer();
    await page.goto(`${dashboard.server.url}/calls`);
    await page.getByLabel('Password').fill('not the password');
    const refused = page.getByText('Too many tries. Wait');
    for (let tries = 0; tries < 30 && (await refused.count()) === 0; tries++) {
      const answered = page.waitForResponse((response) => response.url().endsWith('/v1/session'));
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await answered;
      await page.getByRole('alert').waitFor();
    }
    await refused.waitFor();
  });
});

/** As a week later. */
async function letSessionsExpire(file: string): Promise<void> {
  const database = await openEmbedded({ file, clock: systemClock });
  const { numUpdatedRows } = await database.kysely
    .updateTable('sessions')
    .set({ expires_at_ms: systemClock.wallMs() - 1 })
    .executeTakeFirstOrThrow();
  expect(numUpdatedRows).toBeGreaterThan(0n);
  await database.close();
}
