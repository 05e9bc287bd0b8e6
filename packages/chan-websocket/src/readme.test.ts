import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { connectChanWebSocket } from './client.js';
import { HandClock } from './hand-clock.test.support.js';
import { serveEcho } from './readme.test.support.js';

const CONTEXT_ID = '6f0cbb30-7b0f-4c3e-8d5d-1f6f1a0c9a11';

it('the README shows the example that is run here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('./readme.test.support.ts', import.meta.url), 'utf8');
  // The formatter wraps the import, which is longer with the package's name, so that is left out.
  expect(readme).toContain(`${example.slice(example.indexOf('/**'))}\`\`\`\n`);
  expect(readme).toContain("} from '@rapida/chan-websocket';");
});

it('the example of the README plays the caller back and hangs up on #', async () => {
  const clock = new HandClock();
  const calls: string[] = [];
  const server = createServer();
  const upgrader = serveEcho(server, clock, calls);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/v1/talk/asterisk/ctx`;
  const heard: Uint8Array[] = [];
  const phone = connectChanWebSocket({
    clock,
    url: `${url}?contextId=${CONTEXT_ID}`,
    onRtp: (frame) => heard.push(frame),
  });
  await phone.opened;
  phone.sendMedia(new Uint8Array(160).fill(7));
  phone.sendDtmf('#');
  expect(await phone.ended).toMatchObject({ how: 'app_hangup', dialStatus: 'ANSWER', hangupCause: 16 });
  await upgrader.stop();
  expect(phone.queue.length).toBe(1);
  expect(calls).toEqual([`${CONTEXT_ID} ulaw 8000`, 'app_hangup']);

  const stranger = connectChanWebSocket({ clock, url });
  expect(await stranger.opened).toMatchObject({ ok: false, status: 503 });
  server.close();
  await once(server, 'close');
});
