import { expect, it } from 'vitest';
import { DashboardUnderTest } from './support/dashboard-under-test.js';

/** The greeting is over in about four seconds; who speaks too early would interrupt it. */
const dashboard = new DashboardUnderTest({}, [8_000, 'when are you open', 60_000]);

it('holds a call with the microphone of the browser: what is said into it is understood and answered', async () => {
  const { page, ...viewer } = await dashboard.signedIn();
  await viewer.open('/start');
  await page.getByRole('button', { name: 'Call with the microphone' }).click();
  const transcript = page.getByRole('list', { name: 'Transcript' });
  await transcript.getByText('How can I help you?').waitFor();
  await page.getByText('Speak now.').waitFor();
  await transcript.getByText('when are you open').waitFor();
  await transcript.getByText('We are open Monday to Friday').waitFor();
  expect(await transcript.locator('[data-figure="response"]').last().innerText()).toMatch(/^\d+(\.\d+)? m?s$/);
  await page.getByRole('button', { name: 'Hang up' }).click();
  await page.getByText('Ended by you').waitFor();
  viewer.expectQuiet();
});
