import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { connectAudioSocket } from './client.js';
import * as audiosocket from './index.js';
import { LOOPBACK } from './testing/loopback.js';
import { ManualClock } from './testing/manual-clock.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

let server: audiosocket.AudioSocketServer | undefined;
afterEach(() => server?.close({ connections: 'destroy' }));

/** Runs the example as printed; only the import becomes a parameter, and the port a free one. */
async function runExample(): Promise<number> {
  const example = /```js\n(?<code>[\s\S]*?)```/.exec(README)?.groups?.code ?? '';
  const body = example
    .replace(/^import (?<names>\{.*\}) from '@rapida\/audiosocket';$/m, 'const $<names> = audiosocket;')
    .replace('port: 4573', 'port: 0');
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  const ran: { server: audiosocket.AudioSocketServer; port: number } = await new AsyncFunction(
    'audiosocket',
    `${body}\nreturn { server, port };`,
  )(audiosocket);
  server = ran.server;
  return ran.port;
}

describe('the README', () => {
  it('has an example that repeats what it hears and ends on #', async () => {
    const port = await runExample();
    let heard: (pcm: number[]) => void = () => {};
    const echo = new Promise<number[]>((resolve) => {
      heard = resolve;
    });
    const caller = await connectAudioSocket({
      clock: new ManualClock(),
      host: LOOPBACK,
      port,
      uuid: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      behaviour: 'new',
      onAudio: (pcm) => heard([...pcm]),
    });
    caller.sendAudio(Uint8Array.of(1, 2, 3, 4));
    expect(await echo).toEqual([1, 2, 3, 4]);
    caller.sendDtmf('#');
    expect((await caller.ended).how).toBe('server_hangup');
  });

  it('lists every limit with its default', () => {
    const rows = [...README.matchAll(/^\| `(?<name>\w+)` +\| (?<value>\d+) +\|/gm)];
    const listed = Object.fromEntries(rows.map(({ groups }) => [groups?.name, Number(groups?.value)]));
    expect(listed).toEqual(audiosocket.DEFAULT_LIMITS);
  });
});
