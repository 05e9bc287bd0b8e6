import type { CredentialUseCases } from '@rapida/calls';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent, publicErrors } from '../openapi.js';
import {
  credentialCheckSchema,
  credentialKinds,
  credentialKindsSchema,
  credentialSchema,
  newCredentialSchema,
  providerHealthSchema,
  reencryptionSchema,
  savedCredentialSchema,
  toCredential,
  toProviderHealth,
} from '../schemas/credential.js';
import { idParams, listOf, pageQuery } from '../schemas/fields.js';

const ACCESS = { access: ['admin'] } as const;
const tags = ['credentials'];

/** What is in a credential goes in here and never comes out: not in an answer, not in an error, not in the log. */
export function addCredentialRoutes(api: ApiInstance, credentials: CredentialUseCases): void {
  addReadRoutes(api, credentials);
  addWriteRoutes(api, credentials);
  addVaultRoutes(api, credentials);
  addKindsRoute(api);
}

function addReadRoutes(api: ApiInstance, credentials: CredentialUseCases): void {
  api.get(
    '/v1/credentials',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Credentials without their values, newest first',
        operationId: 'listCredentials',
        querystring: pageQuery,
        response: { 200: listOf(credentialSchema), ...errors() },
      },
    },
    async ({ projectId, query }) => {
      const page = await credentials.list(projectId, query.limit, query.cursor ?? null);
      return { data: page.data.map(toCredential), nextCursor: page.nextCursor };
    },
  );
  api.get(
    '/v1/credentials/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'One credential without its value',
        operationId: 'getCredential',
        params: idParams,
        response: { 200: credentialSchema, ...errors('credential_not_found') },
      },
    },
    async ({ projectId, params }) => toCredential(await credentials.get(projectId, params.id)),
  );
}

function addWriteRoutes(api: ApiInstance, credentials: CredentialUseCases): void {
  const failures = ['credential_invalid', 'credential_name_taken', 'body_too_large'] as const;
  api.post(
    '/v1/credentials',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Keeps a credential, encrypted',
        operationId: 'createCredential',
        body: newCredentialSchema,
        response: { 201: credentialSchema, ...errors(...failures) },
      },
    },
    async ({ projectId, body }, reply) => {
      const { name, provider, value, callsPerSecond } = body;
      const created = await credentials.create(projectId, { name, provider, value, callsPerSecond });
      return reply.code(201).send(toCredential(created));
    },
  );
  api.put(
    '/v1/credentials/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Replaces a credential; its provider stays, and without a value that stays too',
        operationId: 'saveCredential',
        params: idParams,
        body: savedCredentialSchema,
        response: { 200: credentialSchema, ...errors('credential_not_found', 'credential_unreadable', ...failures) },
      },
    },
    async ({ projectId, params, body }) => {
      const { name, provider, value, callsPerSecond } = body;
      const input = { name, provider, callsPerSecond, ...(value !== undefined && { value }) };
      return toCredential(await credentials.save(projectId, params.id, input));
    },
  );
  api.delete(
    '/v1/credentials/:id',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Removes a credential that no assistant uses',
        operationId: 'removeCredential',
        params: idParams,
        response: { 204: noContent, ...errors('credential_not_found', 'credential_in_use') },
      },
    },
    async ({ projectId, params }, reply) => {
      await credentials.remove(projectId, params.id);
      return reply.code(204).send();
    },
  );
}

function addKindsRoute(api: ApiInstance): void {
  const kinds = credentialKinds();
  api.get(
    '/v1/credentials/schema.json',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'What a credential of each provider holds, as JSON Schema, for editors',
        operationId: 'credentialKinds',
        response: { 200: credentialKindsSchema, ...publicErrors() },
      },
    },
    async () => kinds,
  );
}

function addVaultRoutes(api: ApiInstance, credentials: CredentialUseCases): void {
  api.get(
    '/v1/providers/health',
    {
      config: ACCESS,
      schema: {
        tags,
        summary:
          "Whether the server's own keys and the project's credentials are taken; each is asked once a minute at most",
        operationId: 'providersHealth',
        response: { 200: listOf(providerHealthSchema), ...errors() },
      },
    },
    async ({ projectId }) => ({ data: (await credentials.health(projectId)).map(toProviderHealth), nextCursor: null }),
  );
  api.post(
    '/v1/credentials/:id/test',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Asks the other side whether it takes the credential; that it does not is an answer, not an error',
        operationId: 'testCredential',
        params: idParams,
        response: { 200: credentialCheckSchema, ...errors('credential_not_found', 'credential_unreadable') },
      },
    },
    async ({ projectId, params }) => {
      const { ok, code, message } = await credentials.check(projectId, params.id);
      return { ok, code, message };
    },
  );
  api.post(
    '/v1/credentials/reencrypt',
    {
      config: ACCESS,
      schema: {
        tags,
        summary: 'Seals every credential of this server with the first key of VAULT__KEY, so that older keys can go',
        operationId: 'reencryptCredentials',
        response: { 200: reencryptionSchema, ...errors() },
      },
    },
    async () => {
      const { reencrypted, current, unreadable } = await credentials.reencrypt();
      return { reencrypted, current, unreadable };
    },
  );
}
