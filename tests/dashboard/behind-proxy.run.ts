import { afterAll, beforeAll, expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';
import { startTlsProxy, type TlsProxy } from './support/tls-proxy.js';

const dashboard = new DashboardUnderTest();
let proxy: TlsProxy;
beforeAll(async () => {
  proxy = await startTlsProxy('/rapida', Number(new URL(dashboard.server.url).port));
});
afterAll(() => proxy?.stop());

it('works under a path of a proxy that speaks https: pages, live events and the sound of a test call', async () => {
  const { page, context, ...viewer } = await dashboard.viewer({ ignoreHTTPSErrors: true }, proxy.url);
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${proxy.url}/`)) outside.push(request.url());
  });
  await viewer.signIn(dashboard.server.api.key);
  expect(await context.cookies()).toMatchObject([{ name: 'rapida_session', path: '/rapida/', secure: true }]);

  // Loaded anew at a page of its own, and gone on from there.
  await viewer.open('/assistants');
  await page.getByRole('link', { name: 'First steps' }).click();
  await page.getByRole('heading', { name: 'First steps', level: 1 }).waitFor();
  expect(page.url()).toBe(`${proxy.url}/start`);

  await page.getByRole('button', { name: 'Call and type' }).click();
  const transcript = page.getByRole('list', { name: 'Transcript' });
  await transcript.getByText('How can I help you?').waitFor();
  await page.getByLabel('What you say').fill('when are you open');
  await page.getByRole('button', { name: 'Say it' }).click();
  await transcript.getByText('We are open Monday to Friday').waitFor();
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByText('Ended by you').waitFor();

  await viewer.open('/calls');
  const call = dashboard.call('--from', '+15551110001', '--say', 'thank you goodbye');
  const row = page.getByRole('row').filter({ hasText: '+15551110001' });
  await row.getByText('Connected').waitFor();
  await call.finished;
  await page.getByText('No calls at this moment.').waitFor();
  expect(outside).toEqual([]);
  viewer.expectQuiet();
});
