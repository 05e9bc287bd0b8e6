import type { Page } from 'playwright-core';

/** What is done with a page before its picture is taken, as a person does it. */
export type Act = (page: Page, call: LiveCall) => Promise<void>;

/** The call that is held all the time. */
export interface LiveCall {
  /** The assistant says it, as soon as nobody speaks. */
  say(text: string): Promise<void>;
}

export const wordsAsTheyAreSpoken: Act = async (page, call) => {
  const text = 'One moment please, I am looking it up for you.';
  await call.say(text);
  await page.getByText(text).first().waitFor();
};

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
