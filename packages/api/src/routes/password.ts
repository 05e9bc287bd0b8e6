import type { SignInUseCases } from '@rapida/calls';
import { PASSWORD_ID } from '../access.js';
import type { ApiInstance } from '../api-instance.js';
import { errors, noContent } from '../openapi.js';
import { toTime } from '../schemas/fields.js';
import { passwordChangeSchema, setUpTokenSchema } from '../schemas/session.js';

const ACCESS = { access: ['admin'] } as const;
const tags = ['session'];

/** The password of the dashboard, for those who are in already. */
export function addPasswordRoutes(api: ApiInstance, signIn: SignInUseCases): void {
  api.put(
    '/v1/password',
    {
      config: ACCESS,
      schema: {
        ...{ tags, summary: 'Changes the password; its other sessions end', operationId: 'changePassword' },
        body: passwordChangeSchema,
        response: { 204: noContent, ...errors('password_wrong', 'password_unfit', 'too_many_sign_ins') },
      },
    },
    async ({ projectId, keyId, sessionId, body, ip: address }, reply) => {
      const { password, current } = body;
      const who = keyId === PASSWORD_ID ? null : keyId;
      await signIn.changePassword({ projectId, keyId: who, password, current, sessionId, address });
      return reply.code(204).send();
    },
  );
  api.post(
    '/v1/password/setup-token',
    {
      config: ACCESS,
      schema: {
        ...{ tags, summary: 'Makes the token of a set-up link, in place of the one before' },
        operationId: 'createSetUpToken',
        response: { 200: setUpTokenSchema, ...errors() },
      },
    },
    async ({ projectId }) => {
      const { token, expiresAtMs } = await signIn.newSetUp(projectId);
      return { token, expiresAt: toTime(expiresAtMs) };
    },
  );
}
