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

  it('hold a call with the microphone of the browser', async () => {
    const { page, ...viewer } = await dashboard.signedIn();
    await viewer.open('/start');
    await page.getByRole('button', { name: 'Call with the microphone' }).click();
    await page.getByRole('list', { name: 'Transcript' }).getByText('How can I help you?').waitFor();
    await page.getByText('Speak now.').waitFor();
    await page.getByRole('button', { name: 'Hang up' }).click();
    await page.getByText('Ended by').waitFor();
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

    // What the Asterisk with these files does.
    const { url, api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { id: string }[] }>('/v1/assistants');
    const answer = await fetch(`${url}/v1/talk/asterisk/call/${data[0]?.id}?from=100`, {
      headers: { 'x-api-key': key },
    });
    expect(answer.status).toBe(200);
    await page.getByText('Your Asterisk has called').waitFor();
  });
});
