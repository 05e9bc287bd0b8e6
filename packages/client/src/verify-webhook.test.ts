import { inspect } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { systemClock } from './clock.js';
import { verifyWebhook, type WebhookHeaders, WebhookVerificationError } from './verify-webhook.js';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes 0000').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret of thirty-two byte').toString('base64')}`;
const NOW_MS = Date.UTC(2030, 0, 1);
const BODY = JSON.stringify({ id: '5', type: 'call.ended', seq: 4, callId: '9', at: 'x', data: {}, call: { to: 'ü' } });
const clock = { ...systemClock, wallMs: () => NOW_MS };

/** As another implementation of Standard Webhooks signs. */
function signed(body = BODY, { secret = SECRET, atMs = NOW_MS, id = '5' } = {}): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

const verify = (body: string | Uint8Array, headers: WebhookHeaders, secret: string | string[] = SECRET) =>
  verifyWebhook(body, headers, secret, { clock });

it('gives the event of a delivery that is signed, as text or bytes, with headers of either kind', async () => {
  for (const body of [BODY, new TextEncoder().encode(BODY)]) {
    for (const headers of [signed(), new Headers(signed())]) {
      const event = await verify(body, headers);
      expect(event).toEqual(JSON.parse(BODY));
    }
  }
});

it('takes any of several secrets, and any of several signatures', async () => {
  await expect(verify(BODY, signed(), [OTHER, SECRET])).resolves.toMatchObject({ id: '5' });
  const both = `v1a,xxxx ${signed(BODY, { secret: OTHER })['webhook-signature']} ${signed()['webhook-signature']}`;
  await expect(verify(BODY, { ...signed(), 'webhook-signature': both })).resolves.toMatchObject({ id: '5' });
});

it.each<[string, string, Record<string, string | undefined>, string]>([
  ['another secret', BODY, signed(BODY, { secret: OTHER }), 'signature_invalid'],
  ['another body', `${BODY} `, signed(), 'signature_invalid'],
  ['another id', BODY, { ...signed(), 'webhook-id': '6' }, 'signature_invalid'],
  ['another time', BODY, { ...signed(), 'webhook-timestamp': '1' }, 'signature_invalid'],
  ['a signature that is no base64', BODY, { ...signed(), 'webhook-signature': 'v1,*' }, 'signature_invalid'],
  ['a signature of another kind', BODY, { ...signed(), 'webhook-signature': 'v2,AAAA' }, 'signature_invalid'],
  ['no signature', BODY, { ...signed(), 'webhook-signature': undefined }, 'signature_missing'],
  ['no id', BODY, { ...signed(), 'webhook-id': '' }, 'signature_missing'],
  ['a delivery of long ago', BODY, signed(BODY, { atMs: NOW_MS - 301_000 }), 'timestamp_invalid'],
  ['a delivery of the future', BODY, signed(BODY, { atMs: NOW_MS + 301_000 }), 'timestamp_invalid'],
  ['a body that is no event', '[]', signed('[]'), 'event_invalid'],
  ['a body that is no JSON', 'x', signed('x'), 'event_invalid'],
])('refuses %s', async (_what, body, headers, code) => {
  const error = await verify(body, headers).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WebhookVerificationError);
  expect(error).toMatchObject({ code });
  expect(inspect(error, { depth: 5 })).not.toContain(SECRET.slice(6));
});

it('takes what is nearly on time, and as much more as it is told', async () => {
  await expect(verify(BODY, signed(BODY, { atMs: NOW_MS - 300_000 }))).resolves.toBeDefined();
  const old = signed(BODY, { atMs: NOW_MS - 3_000_000 });
  await expect(verifyWebhook(BODY, old, SECRET, { clock, toleranceSeconds: 3_000 })).resolves.toBeDefined();
});

it.each(['', 'whsec_', 'whsec_***'])('says that %j is no secret', async (secret) => {
  await expect(verify(BODY, signed(), secret)).rejects.toThrow(TypeError);
});
