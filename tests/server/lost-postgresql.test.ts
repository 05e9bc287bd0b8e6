import { temporaryPostgres } from '@rapida/stores/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PrivatePostgres } from '../support/real-parts/postgresql.js';
import { request } from './support/api.js';
import { callOverAudioSocket } from './support/caller.js';
import { patientAssistant, type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

/** What the server may take to see that its database is back; the machine may be busy. */
const BACK_MS = 15_000;

describe('a server whose PostgreSQL is lost', () => {
  let postgres: PrivatePostgres;
  let server: ServerUnderTest;
  let assistantId: string;
  beforeAll(async () => {
    postgres = await PrivatePostgres.start();
    const { url } = await temporaryPostgres(postgres.url);
    server = await startServerUnderTest({ environment: { DATABASE_URL: url } });
    assistantId = await patientAssistant(server.api);
  }, 60_000);
  afterAll(async () => {
    await server?.stop();
    await postgres?.stop();
  });

  const register = () => request(server.url, `/v1/talk/asterisk/call/${assistantId}?from=1`, { key: server.api.key });
  const answers = async (status: number) => expect((await register()).status).toBe(status);

  it.each([
    ['is killed', () => postgres.killServer()],
    ['is stopped by its administrator', () => postgres.stopServer()],
  ])(
    'goes on with its calls, refuses new ones, and takes them again by itself: it %s',
    async (_how, lose) => {
      const doors = { url: server.url, audiosocketPort: server.server.audiosocketPort };
      const caller = await callOverAudioSocket(doors, await server.api.register(assistantId));
      await server.api.ended(caller.contextId, { state: 'connected' });
      await lose();
      await answers(503);
      const before = caller.sent;
      await vi.waitFor(() => expect(caller.sent).toBeGreaterThan(before + 10), { timeout: 5_000, interval: 20 });
      expect(caller.over).toBeUndefined();

      await postgres.startServer();
      await vi.waitFor(() => answers(200), { timeout: BACK_MS, interval: 50 });
      caller.hangup();
      await server.api.ended(caller.contextId, { state: 'completed' });
    },
    60_000,
  );
});
