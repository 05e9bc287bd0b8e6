import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import type { Viewer } from './support/viewer.js';

const dashboard = new DashboardUnderTest();
let viewer: Viewer;
let page: Page;

beforeEach(async () => {
  viewer = await dashboard.signedIn();
  page = viewer.page;
});

describe('the form of an assistant', () => {
  it('makes one of a name, refuses a name that is taken, and opens it', async () => {
    await viewer.open('/assistants/new');
    await page.getByLabel('Name').fill('Front desk');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByText('Another assistant of this project has this name.').waitFor();
    await page.getByLabel('Name').fill('Night desk');
    await page.getByRole('button', { name: 'Create' }).click();
    await page.getByRole('heading', { name: 'Night desk', level: 1 }).waitFor();
  });

  it('says what is wrong with a field as it is typed, and saves nothing of it', async () => {
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Night desk', exact: true }).click();
    await page.getByRole('tab', { name: 'Turn-taking' }).click();
    const field = page.getByLabel('Endpointing (ms)');
    await field.fill('5');
    await page.getByText('must be from 100 to 5000').first().waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('tab', { name: 'Turn-taking (1)' }).waitFor();
    expect(await page.getByRole('button', { name: 'Save and publish' }).isDisabled()).toBe(true);
    await viewer.expectAccessible();
    viewer.expectQuiet();
  });

  it('tells what only the server knows beside its field', async () => {
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Night desk', exact: true }).click();
    await page.getByRole('tab', { name: 'Intents' }).click();
    await page.getByRole('button', { name: 'Add to intents' }).click();
    await page.getByLabel('Name', { exact: true }).fill('hours');
    await page.getByLabel('Phrases').fill('qwxyz please');
    await page.getByLabel('Reply').fill('From nine to five.');
    await page.getByRole('button', { name: 'Save and publish' }).click();
    await page.getByText('is not known to the local recogniser').first().waitFor();
    // The first field that is wrong is where one goes on, and nothing that was typed is lost.
    const wrong = page.getByLabel('Phrases');
    await expect.poll(() => wrong.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await page.getByLabel('Reply').inputValue()).toBe('From nine to five.');
    await wrong.fill('opening hours');
    // What was said of the old words is no obstacle to the new ones.
    await expect.poll(() => wrong.getAttribute('aria-invalid')).toBe(null);
    expect(await page.getByRole('button', { name: 'Save and publish' }).isEnabled()).toBe(true);
  });

  it('saves, compares, publishes and rolls back versions', async () => {
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Night desk', exact: true }).click();
    await page.getByLabel('Greeting').fill('Good night.');
    await page.getByText('1 field differs from what is live').waitFor();
    await page.getByRole('button', { name: 'Save as a draft' }).click();
    await page.getByText('it is not live yet').waitFor();
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Compare version 2 with the live one' }).click();
    await page.getByText('Good night.').waitFor();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2 is live', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Roll back' }).click();
    await page.getByText('Version 1 is live', { exact: true }).waitFor();
    viewer.expectQuiet();
  });

  it('keeps what was typed when somebody else publishes meanwhile, and says so', async () => {
    await page.clock.install();
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Night desk', exact: true }).click();
    await page.getByLabel('Greeting').fill('Mine.');
    const { api } = dashboard.server;
    const { data } = await api.get<{ data: readonly { id: string; name: string }[] }>('/v1/assistants');
    const assistant = data.find(({ name }) => name === 'Night desk');
    await api.send('PUT', `/v1/assistants/${assistant?.id}`, { ...assistant, greeting: 'Theirs.' });
    // One comes back to the window after a while: it is read anew.
    await page.clock.fastForward(60_000);
    await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('Somebody has published another version meanwhile.').waitFor();
    expect(await page.getByLabel('Greeting').inputValue()).toBe('Mine.');
    await page.getByRole('button', { name: 'Discard' }).click();
    expect(await page.getByLabel('Greeting').inputValue()).toBe('Theirs.');
  });

  it('asks before what was typed is lost', async () => {
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Night desk', exact: true }).click();
    await page.getByLabel('Greeting').fill('Nobody saves this.');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Calls' }).click();
    await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click();
    expect(await page.getByLabel('Greeting').inputValue()).toBe('Nobody saves this.');
  });
});

describe('the form of a phone deployment', () => {
  it('refuses a caller id that is none, and saves one that is', async () => {
    await viewer.open('/assistants');
    await page.getByRole('link', { name: 'Front desk', exact: true }).click();
    await page.getByRole('link', { name: 'Telephone' }).click();
    await page.getByLabel('Caller id').fill('<script>');
    await page.getByText('must look like').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Caller id').fill('+15550001111');
    await page.getByLabel('Transfer targets').fill('sales,100,1');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The phone deployment was saved.').waitFor();
    await page.reload();
    await page.getByLabel('Caller id').waitFor();
    expect(await page.getByLabel('Caller id').inputValue()).toBe('+15550001111');
    viewer.expectQuiet();
  });
});

describe('the form of a credential', () => {
  it('refuses half a value, keeps a whole one, and shows nothing of it', async () => {
    await viewer.open('/credentials');
    await page.getByRole('button', { name: 'Create Credential' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('my-pbx');
    await dialog.getByLabel('ARI address').fill('http://127.0.0.1:1');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('belong together').first().waitFor();
    expect(await dialog.getByRole('alert').innerText()).toContain('belong together');
    // One goes on in the first of the fields that are missing.
    await dialog.locator('[aria-invalid="true"]:focus').waitFor();
    expect(await dialog.getByLabel('ARI user').getAttribute('aria-invalid')).toBe('true');
    await dialog.getByLabel('ARI user').fill('rapida');
    await dialog.getByLabel('ARI password').fill('only-the-server-knows');
    await viewer.expectAccessible();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: 'my-pbx', exact: true }).waitFor();
    expect(await page.content()).not.toContain('only-the-server-knows');
    await page.getByRole('button', { name: 'Test my-pbx' }).click();
    await page.getByText('It does not open').waitFor();
  });
});

describe('the form of a key', () => {
  it('shows a new key once, and revokes it', async () => {
    await viewer.open('/keys');
    await page.getByRole('button', { name: 'New API key' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true);
    await dialog.getByLabel('Name').fill('the other desk');
    await dialog.getByRole('button', { name: 'Create' }).click();
    const key = await dialog.locator('[data-secret="key"]').innerText();
    expect(key).toMatch(/^rpd-/);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    const row = page.getByRole('row').filter({ hasText: 'the other desk' });
    await row.waitFor();
    expect(await page.content()).not.toContain(key);
    await row.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    viewer.expectQuiet();
  });
});

describe('the form of a webhook', () => {
  it('refuses an address that nobody should be told at, and shows the secret of a good one once', async () => {
    await viewer.open('/webhooks');
    await page.getByRole('button', { name: 'New webhook' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Address').fill('http://127.0.0.1/hook');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('webhook_target_refused').waitFor();
    await dialog.getByLabel('Address').fill('https://93.184.216.34/hook');
    await dialog.getByLabel('call.ended').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    const shown = page.getByRole('dialog', { name: 'The secret of the webhook' });
    expect(await shown.locator('[data-secret="webhook"]').innerText()).toMatch(/^whsec_/);
    await shown.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('cell', { name: 'call.ended' }).waitFor();
  });
});

describe('the forms that place calls', () => {
  it('say what the assistant lacks, and what is no number', async () => {
    await viewer.open('/calls/place');
    await page.getByLabel('To', { exact: true }).fill('not a number');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText(/number_invalid|deployment_incomplete/).waitFor();
  });

  it('check the whole list before the first call of it', async () => {
    await viewer.open('/calls/place-list');
    await page.getByLabel('The list as text').fill('to,name\n+15551234567,Ann\nnobody,Bob');
    await page.getByText('Line 3, column "to": "nobody" is no number to call.').waitFor();
    await page.getByLabel('A file').setInputFiles({
      ...{ name: 'list.csv', mimeType: 'text/csv' },
      buffer: Buffer.from('to,name\n+15551234567,Ann\n+15557654321,Bob'),
    });
    await page.getByText('2 calls, all of them as they should be.').waitFor();
    viewer.expectQuiet();
  });
});
