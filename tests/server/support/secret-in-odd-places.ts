import type { RequestOptions } from './api.js';

export interface OddRequest {
  readonly path: string;
  readonly options: RequestOptions;
}

/** Requests that a hurried operator, or a client with a fault, may send with a secret where none belongs. */
export function secretInOddPlaces(secret: string, ids: { readonly credential: string; readonly assistant: string }) {
  const access = { ari_url: 'http://127.0.0.1:1', ari_user: 'rapida', ari_password: secret };
  const credential = { name: 'odd', provider: 'asterisk', value: access };
  const bodies: unknown[] = [
    secret,
    [secret],
    { ...credential, value: secret },
    { ...credential, value: [secret] },
    { ...credential, value: { [secret]: 'x' } },
    { ...credential, value: { ...access, [secret]: 'x' } },
    { ...credential, value: { ...access, ari_password: [secret] } },
    { ...credential, value: { ...access, ari_password: { [secret]: secret } } },
    { ...credential, value: { ari_password: secret } },
    { ...credential, value: { ...access, ari_url: secret } },
    { ...credential, value: { ...access, ari_url: `ftp://rapida:${secret}@127.0.0.1` } },
    { ...credential, value: { ...access, ari_user: `rapida:${secret}` } },
    { ...credential, value: { ...access, trunk: `${secret} ${secret}` } },
    { ...credential, value: { ...access, endpoint_technology: secret } },
    { ...credential, [secret]: secret },
    { ...credential, name: secret.repeat(20) },
    { ...credential, name: { secret } },
    { ...credential, provider: secret },
    { ...credential, provider: 'openai-compatible', value: { apiKey: `${secret}\n` } },
    { ...credential, provider: 'openai-compatible', value: { apiKey: 'x', baseUrl: secret } },
    { ...credential, callsPerSecond: secret },
  ];
  const texts = [
    ...bodies.map((body) => JSON.stringify(body)),
    JSON.stringify(credential).slice(0, -3),
    `{"${secret}`,
    secret,
    `{"__proto__":{"${secret}":"${secret}"}}`,
    JSON.stringify(credential).replace(',', `,"${secret}",`),
  ];
  const saved = `/v1/credentials/${ids.credential}`;
  return [
    ...texts.flatMap((body) => [
      { path: '/v1/credentials', options: { method: 'POST', body } },
      { path: saved, options: { method: 'PUT', body } },
    ]),
    { path: '/v1/credentials', options: { method: 'POST', body: secret, headers: { 'content-type': 'text/plain' } } },
    ...placesOutsideOfBodies(encodeURIComponent(secret), saved),
    ...ofOtherResources(secret, ids.assistant),
  ] satisfies OddRequest[];
}

function placesOutsideOfBodies(secret: string, saved: string): OddRequest[] {
  return [
    { path: `/v1/credentials/${secret}`, options: {} },
    { path: `/v1/credentials/${secret}`, options: { method: 'DELETE' } },
    { path: `/v1/credentials/${secret}/test`, options: { method: 'POST' } },
    { path: `${saved}/${secret}`, options: {} },
    { path: `/v1/credentials?cursor=${secret}`, options: {} },
    { path: `/v1/credentials?limit=${secret}`, options: {} },
    { path: `/v1/credentials?${secret}=1`, options: {} },
    { path: `/v1/calls?state=${secret}&x-api-key=${secret}`, options: {} },
  ];
}

function ofOtherResources(secret: string, assistantId: string): OddRequest[] {
  const order = { assistant: { assistantId }, toNumber: '6001' };
  const orders: unknown[] = [
    { ...order, assistant: secret },
    { ...order, assistant: { assistantId: secret } },
    { ...order, assistant: { assistantId, version: secret } },
    { ...order, toNumber: secret },
    { ...order, fromNumber: secret },
    { ...order, metadata: secret },
    { ...order, args: [secret] },
    { ...order, options: { notBefore: secret } },
    { ...order, options: { retryOn: [secret] } },
    { ...order, options: { attempts: secret } },
  ];
  const deployments: unknown[] = [
    { enabled: secret },
    { credentialId: secret },
    { options: { trunk: `${secret} ${secret}` } },
    { options: { endpoint_technology: secret } },
    { transferTargets: [secret] },
  ];
  const assistants: unknown[] = [
    { name: 'odd', llm: { provider: secret } },
    { name: 'odd', llm: { provider: 'openai-compatible', apiKey: secret } },
    { name: 'odd', llm: { provider: 'openai-compatible', credentialId: secret } },
  ];
  const to = (method: string, path: string) => (body: unknown) => ({
    path,
    options: { method, body: JSON.stringify(body) },
  });
  return [
    ...orders.map(to('POST', '/v1/talk/create-phone-call')),
    ...orders.map((one) => to('POST', '/v1/talk/create-bulk-phone-call')({ phoneCalls: [order, one] })),
    ...deployments.map(to('PUT', `/v1/assistants/${assistantId}/phone-deployment`)),
    ...assistants.map(to('POST', '/v1/assistants')),
    to('POST', '/v1/api-keys')({ name: 'odd', scopes: [secret] }),
  ];
}
