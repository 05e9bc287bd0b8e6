import { type Lab, PASSWORD, USER } from './lab.test.support.js';
import type { FakeAri } from './testing/index.js';

const dialled = (number: string) => ({
  endpoint: `PJSIP/${number}@trunk`,
  channelId: 'call-1',
  timeoutSeconds: 30,
  variables: {},
});

/** The channel `call-1`, dialled into the application `bot` with the arguments a and b. */
export const inApp = ({ client }: Lab, number = '100') =>
  client.originate({ ...dialled(number), app: 'bot', appArgs: 'a,b' });

/** The channel `call-1`, dialled into the dialplan. */
export const inDialplan = ({ client }: Lab, number = '100', variables: Record<string, string> = {}) =>
  client.originate({ ...dialled(number), variables, context: 'bot', extension: '7', priority: 2 });

/** A request as no client of ours would make it. */
export async function raw({ url }: FakeAri, method: string, path: string, body?: unknown) {
  const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`${url}/ari${path}`, { method, headers: { authorization }, ...init });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}
