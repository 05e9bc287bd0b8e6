import { describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

const dashboard = new DashboardUnderTest();

describe('the first steps', () => {
  it('lead from nothing to a conversation that is held by typing', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/start');
    await page.getByText('Hello, this is the front desk. How can I help you?').waitFor();
    await page.getByRole('button', { name: 'Call and type' }).click();
    const transcript = page.getByRole('list', { name: 'Transcript' });
    await transcript.getByText('How can I help you?').waitFor();
    await page.getByLabel('What you say').fill('when are you open');
    await page.getByRole('button', { name: 'Say it' }).click();
    await transcript.getByText('We are open Monday to Friday').waitFor();
    await viewer.expectAccessible();
    expect(await transcript.locator('[data-figure="response"]').last().innerText()).toMatch(/^\d+(\.\d+)? m?s$/);
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('Ended by').waitFor();
    await page.getByRole('link', { name: 'See its record' }).click();
    await page.getByRole('heading', { name: 'Call from browser', level: 1 }).waitFor();
    viewer.expectQuiet();
  });

  it('show the files for an Asterisk, put a key into them, and refuse a release that there is not', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/start');
    await page.getByLabel('Asterisk', { exact: true }).fill('9');
    await page.getByRole('button', { name: 'Show the files' }).click();
    await page.getByText('Correct it and try again').waitFor();
    await page.getByLabel('Asterisk', { exact: true }).fill('22');
    await page.getByRole('button', { name: 'Show the files' }).click();
    const file = page.locator('figure', { hasText: 'extensions.conf' }).locator('pre');
    expect(await file.innerText()).toContain('x-api-key: rpd-PUT-THE-KEY-HERE');
    await page.getByRole('button', { name: 'Make a key and put it in' }).click();
    await page.getByText('The key is in the files now.').waitFor();
    const key = /x-api-key: (rpd-[\w-]+)/.exec(await file.innerText())?.[1] ?? '';
    expect(key).not.toBe('rpd-PUT-THE-KEY-HERE');
    await viewer.expectAccessible();

    // What an Asterisk does whose files are old, then with these.
    const { url, api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/assistants');
    const announce = (id: string | undefined, sent: string) =>
      fetch(`${url}/v1/talk/asterisk/call/${id}?from=100`, { headers: { 'x-api-key': sent } });
    expect((await announce(data[0]?.id, 'rpd-of-yesterday')).status).toBe(401);
    await page.getByText('The key in its dialplan is none of this server').waitFor();
    expect((await announce('1', key)).status).toBe(404);
    await page.getByText('Its dialplan names an assistant that is not here').waitFor();
    expect((await announce(data[0]?.id, key)).status).toBe(200);
    await page.getByText('Your Asterisk has called').waitFor();
  });
});
