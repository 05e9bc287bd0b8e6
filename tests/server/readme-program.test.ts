import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createFakeAri, type FakeAri } from '@rapida/ari/testing';
import { systemClock } from '@rapida/core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { ARI_USER, asteriskCredential, callingAssistant, giveSound, type SoundOfAsterisk } from './support/outbound.js';
import { runProgram } from './support/program.js';
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.js';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const PASSWORD = 'of-the-pbx';

let pbx: FakeAri;
let server: ServerUnderTest;
let sound: SoundOfAsterisk;
beforeAll(async () => {
  pbx = await createFakeAri({ clock: systemClock, user: ARI_USER, password: PASSWORD });
  server = await startServerUnderTest();
  sound = giveSound(pbx, { doors: { url: server.url, audiosocketPort: server.server.audiosocketPort } });
});
afterAll(async () => {
  await server.stop();
  await pbx.close();
});

/** With the values of this server in the places of the README's. */
function programOf(assistantId: string): string {
  const program = /```js\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
  const values = { 'http://localhost:8080': server.url, '123456789': assistantId };
  return Object.entries(values).reduce((text, [standsFor, value]) => {
    expect(text).toContain(`'${standsFor}'`);
    return text.replace(`'${standsFor}'`, `'${value}'`);
  }, program);
}

it('the program of the README places a call, follows it, and prints what was said', async () => {
  const { api } = server;
  const credentialId = await asteriskCredential(api, 'pbx', { url: pbx.url, password: PASSWORD });
  const assistantId = await callingAssistant(api, credentialId, { context: 'from-rapida', phone: '+4930' });
  const program = runProgram(programOf(assistantId), { RAPIDA_API_KEY: api.key });
  await vi.waitFor(
    async () => {
      expect(program.stdout()).toMatch(/^connected $/m);
      const [call] = (await api.get<{ data: { id: string }[] }>('/v1/calls')).data;
      // What was heard of the greeting is on record.
      expect((await api.transcript(call?.id ?? '')).data).toMatchObject([{ role: 'assistant', text: 'Hello.' }]);
    },
    { timeout: 15_000, interval: 20 },
  );
  const [caller] = sound.callers.values();
  caller?.hangup();
  const { code, stdout, stderr } = await program.finished;
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/\ncompleted caller_hangup\nassistant: Hello\.\n$/);
  const { data } = await api.get<{ data: { metadata: object; to: string }[] }>('/v1/calls');
  expect(data).toMatchObject([{ to: '+15551234567', metadata: { order: '12' } }]);
});
