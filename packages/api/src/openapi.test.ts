import { afterEach, expect, it } from 'vitest';
import { type ApiUnderTest, createApiUnderTest } from './testing/api-under-test.js';
import { createFakeUseCases } from './testing/fake-use-cases.js';

let api: ApiUnderTest;
afterEach(() => api.close());

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { schema: unknown }> }>>;
}

async function operations(): Promise<readonly (readonly [string, Operation])[]> {
  api = createApiUnderTest(createFakeUseCases());
  const { paths } = (await api.fastify.inject('/openapi.json')).json();
  return Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const),
  );
}

it('lists every route', async () => {
  expect((await operations()).map(([name]) => name).sort()).toEqual(
    [
      'GET /v1/talk/asterisk/call/{assistantId}',
      'POST /v1/talk/asterisk/call/{assistantId}',
      'GET /v1/talk/asterisk/ctx/{contextId}/next',
      'GET /v1/talk/asterisk/ctx/{contextId}/resume',
      'GET /v1/talk/asterisk/ctx/{contextId}/event',
      'POST /v1/talk/asterisk/ctx/{contextId}/event',
      'GET /v1/calls',
      'GET /v1/calls/stream',
      'GET /v1/calls/{id}',
      'GET /v1/calls/{id}/events',
      'GET /v1/calls/{id}/transcript',
      'GET /v1/calls/{id}/metrics',
      'GET /v1/calls/{id}/recording',
      'GET /v1/calls/{id}/waveform',
      'GET /v1/overview',
      'POST /v1/calls/{id}/hangup',
      'POST /v1/calls/{id}/say',
      'POST /v1/calls/{id}/transfer',
      'GET /v1/assistants',
      'POST /v1/assistants',
      'GET /v1/assistants/schema.json',
      'GET /v1/assistants/{id}',
      'PUT /v1/assistants/{id}',
      'DELETE /v1/assistants/{id}',
      'GET /v1/assistants/{id}/phone-deployment',
      'PUT /v1/assistants/{id}/phone-deployment',
      'GET /v1/assistants/{id}/versions',
      'POST /v1/assistants/{id}/versions',
      'POST /v1/assistants/{id}/test-calls',
      'GET /v1/assistants/{id}/versions/{version}',
      'POST /v1/assistants/{id}/versions/{version}/publish',
      'POST /v1/talk/create-phone-call',
      'POST /v1/talk/create-bulk-phone-call',
      'GET /v1/credentials',
      'POST /v1/credentials',
      'GET /v1/credentials/{id}',
      'GET /v1/credentials/{id}/uses',
      'GET /v1/credentials/schema.json',
      'POST /v1/dialplan',
      'GET /v1/dialplan/releases',
      'PUT /v1/credentials/{id}',
      'DELETE /v1/credentials/{id}',
      'POST /v1/credentials/{id}/test',
      'POST /v1/credentials/reencrypt',
      'GET /v1/providers/health',
      'GET /v1/webhooks',
      'POST /v1/webhooks',
      'GET /v1/webhooks/{id}',
      'PUT /v1/webhooks/{id}',
      'DELETE /v1/webhooks/{id}',
      'POST /v1/webhooks/{id}/secret',
      'POST /v1/webhooks/{id}/test',
      'GET /v1/webhooks/deliveries',
      'POST /v1/webhooks/deliveries/{id}/resend',
      'GET /v1/api-keys',
      'POST /v1/api-keys',
      'DELETE /v1/api-keys/{id}',
      'GET /v1/nodes',
      'GET /v1/sign-in',
      'GET /v1/session',
      'POST /v1/session',
      'DELETE /v1/session',
      'POST /v1/session/setup',
      'PUT /v1/password',
      'POST /v1/password/setup-token',
      'GET /healthz',
      'GET /readyz',
      'GET /metrics',
      'GET /openapi.json',
    ].sort(),
  );
});

it('gives every operation a name of its own, an answer, and errors of the one shape or the other', async () => {
  const all = await operations();
  expect(new Set(all.map(([, { operationId }]) => operationId)).size).toBe(all.length);
  for (const [name, { summary, responses }] of all) {
    expect(summary, name).toMatch(/./);
    const statuses = Object.keys(responses);
    expect(
      statuses.some((status) => status.startsWith('2')),
      name,
    ).toBe(true);
    const errors = statuses.filter((status) => Number(status) >= 400);
    expect(errors, name).toContain('500');
    for (const status of errors) {
      const { content } = responses[status]!;
      const shape = name.startsWith('POST /v1/talk/create-') ? 'TalkError' : 'Error';
      expect(content, `${name} ${status}`).toEqual({
        'application/json': { schema: { $ref: `#/components/schemas/${shape}` } },
      });
    }
  }
});

it('describes the error as two texts', async () => {
  await operations();
  const { components } = (await api.fastify.inject('/openapi.json')).json();
  expect(components.schemas.Error).toMatchObject({ type: 'object', required: ['error', 'code'] });
});

it('describes every reference it makes', async () => {
  await operations();
  const text = (await api.fastify.inject('/openapi.json')).body;
  const { components } = JSON.parse(text);
  for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
    expect(Object.keys(components.schemas)).toContain(name);
  }
});

it('describes what places a call: its header, its body and the envelope of its errors', async () => {
  await operations();
  const { paths, components } = (await api.fastify.inject('/openapi.json')).json();
  const { parameters, requestBody } = paths['/v1/talk/create-phone-call'].post;
  expect(parameters).toEqual([expect.objectContaining({ in: 'header', name: 'idempotency-key', required: false })]);
  expect(requestBody.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/PhoneCallInput' });
  expect(components.schemas.PhoneCallInput).toMatchObject({ type: 'object', required: ['assistant', 'toNumber'] });
  const { error } = components.schemas.TalkError.properties;
  expect(error.required).toEqual(['errorCode', 'errorMessage', 'humanMessage']);
});

it('describes what is told of a call: its name, JSON or a form, and an answer without content', async () => {
  await operations();
  const { paths } = (await api.fastify.inject('/openapi.json')).json();
  const { get, post } = paths['/v1/talk/asterisk/ctx/{contextId}/event'];
  for (const { parameters, responses, security } of [get, post]) {
    const names = parameters.map(({ name, required }: { name: string; required?: boolean }) => [name, required]);
    expect(names).toEqual(
      expect.arrayContaining([
        ['type', false],
        ['event', false],
        ['contextId', true],
      ]),
    );
    expect(responses['201']).not.toHaveProperty('content');
    expect(security).toEqual([]);
  }
  expect(get).not.toHaveProperty('requestBody');
  expect(Object.keys(post.requestBody.content)).toEqual(['application/json', 'application/x-www-form-urlencoded']);
});

it('describes what is given and what is got of a webhook', async () => {
  await operations();
  const { paths, components } = (await api.fastify.inject('/openapi.json')).json();
  const { schema } = paths['/v1/webhooks'].post.requestBody.content['application/json'];
  expect(schema.required).toEqual(['url']);
  expect(Object.keys(components.schemas.Webhook.properties)).not.toContain('secret');
  expect(components.schemas.CreatedWebhook.required).toContain('secret');
  expect(components.schemas.Delivery.required).toContain('payload');
  expect(paths['/v1/webhooks/deliveries/{id}/resend'].post.responses['202']).not.toHaveProperty('content');
});
