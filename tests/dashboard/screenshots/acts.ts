import type { Page } from 'playwright-core';

/** What is done with a page before its picture is taken, as a person does it. */
export type Act = (page: Page) => Promise<void>;

/** A conversation by typing, up to its first answer. */
export const heldTestCall: Act = async (page) => {
  await page.getByRole('button', { name: 'Call and type' }).click();
  const transcript = page.getByRole('list', { name: 'Transcript' });
  await transcript.getByText('How can I help you?').waitFor();
  await page.getByLabel('What you say').fill('when are you open');
  await page.getByRole('button', { name: 'Say it' }).click();
  await transcript.getByText('We are open Monday to Friday').waitFor();
  await transcript.locator('[data-figure="response"]').last().waitFor();
};

export const filesForAsterisk: Act = async (page) => {
  await page.getByRole('button', { name: 'Show the files' }).click();
  await page.locator('figure', { hasText: 'extensions.conf' }).first().waitFor();
};

export const firstTurnInParts: Act = async (page) => {
  await page.getByText('First sound after').first().click();
};
