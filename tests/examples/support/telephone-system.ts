import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { expect, vi } from 'vitest';
import type { Caller } from '../../server/support/caller.js';
import { ARI_USER, asteriskCredential, callingAssistant, giveSound, hasBecome } from '../../server/support/outbound.js';
import { type ServerUnderTest, startServerUnderTest } from '../../server/support/server-under-test.js';

export const BUSY = '6001';
export const ANSWERS = '6002';
const PASSWORD = 'of-the-pbx';

export interface TelephoneSystem {
  readonly server: ServerUnderTest;
  readonly pbx: FakeAri;
  readonly assistantId: string;
  /** With scope `calls`: all that the examples need. */
  readonly key: string;
  /** Who is called, once the sound is connected. */
  callee(callId: string): Promise<Caller>;
  close(): Promise<void>;
}

/** A whole server that calls through the stand-in of an Asterisk: one number is busy, one answers and listens. */
export async function startTelephoneSystem(): Promise<TelephoneSystem> {
  const pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  pbx.phone(BUSY, { outcome: 'busy' });
  pbx.phone(ANSWERS, { outcome: 'answer' });
  const server = await startServerUnderTest({ environment: { WEBHOOKS__ALLOW_PRIVATE: 'true' } });
  const { api, url } = server;
  const sound = giveSound(pbx, { doors: { url, audiosocketPort: server.server.audiosocketPort } });
  const credentialId = await asteriskCredential(api, 'pbx', { url: pbx.url, password: PASSWORD });
  const assistantId = await callingAssistant(api, credentialId, { context: 'from-rapida', phone: '+4930' });
  const transferTargets = ['reception,s,1'];
  const options = { context: 'from-rapida', phone: '+4930' };
  const deployment = { enabled: true, credentialId, options, transferTargets };
  await api.send('PUT', `/v1/assistants/${assistantId}/phone-deployment`, deployment);
  const { key } = await api.send<{ key: string }>('POST', '/v1/api-keys', { name: 'examples', scopes: ['calls'] });
  return {
    ...{ server, pbx, assistantId, key },
    async callee(callId) {
      const { contextId } = await hasBecome(api, callId, { state: 'connected' });
      return vi.waitFor(() => {
        const caller = sound.callers.get(contextId);
        expect(caller, `no sound of call ${callId}`).toBeDefined();
        return caller as Caller;
      });
    },
    async close() {
      await server.stop();
      await pbx.close();
    },
  };
}
