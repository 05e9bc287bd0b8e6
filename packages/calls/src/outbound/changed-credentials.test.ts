import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AsteriskUnderTest, openAsterisk } from '../testing/asterisk-under-test.js';
import { PROJECT } from '../testing/harness.js';

/** One more address of the fake, which can be shut. */
class Gate {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  async open(target: () => string): Promise<void> {
    const server = createServer((socket) => {
      const other = connect(Number(new URL(target()).port), '127.0.0.1');
      for (const each of [socket, other]) {
        this.#sockets.add(each);
        each.setNoDelay(true);
        each.on('error', () => {});
        each.on('close', () => {
          socket.destroy();
          other.destroy();
        });
      }
      socket.pipe(other).pipe(socket);
    });
    await once(server.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async shut(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const closed = this.#server?.listening ? once(this.#server.close(), 'close') : undefined;
    await closed;
  }
}

let asterisk: AsteriskUnderTest;
let before: Gate;
let after: Gate;

async function start(mode: 'dialplan' | 'stasis'): Promise<AsteriskUnderTest> {
  before = new Gate();
  after = new Gate();
  const fake = () => asterisk.fake.url;
  await before.open(fake);
  await after.open(fake);
  asterisk = await openAsterisk({ mode, url: () => before.url });
  await asterisk.harness.start();
  return asterisk;
}

/** The Asterisk is found at its other address from now on. */
async function moves(): Promise<void> {
  const { credentials } = asterisk.harness.useCases;
  const value = asterisk.access({ ari_url: after.url });
  await credentials.save(PROJECT, asterisk.credentialId, { name: 'PBX', provider: 'asterisk', value });
}

afterEach(async () => {
  expect(await asterisk.close()).toEqual({ timers: 0, errors: [] });
  await before.shut();
  await after.shut();
});

describe('a credential that changes while calls run', () => {
  it('is what their requests use from then on', async () => {
    const { fake, harness } = await start('stasis');
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    await moves();
    await asterisk.pass(1_000);
    await before.shut();
    await harness.useCases.calls.hangup(PROJECT, placed.id);
    await asterisk.pass(1_000);
    await asterisk.until(() => fake.channels().length === 0, 'the telephone is quiet');
  });

  it('loses no end of a call that falls between the two connections', async () => {
    const { fake } = await start('stasis');
    asterisk.withoutMedia();
    fake.phone('+15557654321', { outcome: 'nothing' });
    const placed = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(placed, 'ringing');
    await after.shut();
    await moves();
    await asterisk.rest();
    fake.hangupByCallee(`rapida-${placed.id}-1`);
    await after.open(() => fake.url);
    await asterisk.pass(5_000);
    expect(await asterisk.reaches(placed, 'failed')).toMatchObject({ reason: 'asterisk_lost' });
  });

  it('is what the next call is dialled with', async () => {
    await start('dialplan');
    const first = await asterisk.place();
    await asterisk.pass(250);
    await asterisk.reaches(first, 'connected');
    await before.shut();
    await moves();
    const second = await asterisk.place('+15550000002');
    await asterisk.pass(2_000);
    await asterisk.reaches(second, 'connected');
  });
});

describe('two credentials for one Asterisk', () => {
  it('do not take the events of each other', async () => {
    const { fake } = await start('dialplan');
    const credentialId = await asterisk.credential('Other trunk');
    await asterisk.assistant('43', { credentialId });
    for (const number of ['+15550000001', '+15550000002']) fake.phone(number, { outcome: 'busy', afterMs: 3_000 });
    const first = await asterisk.place('+15550000001');
    await asterisk.pass(1_000);
    const second = await asterisk.place('+15550000002', { assistantId: '43' });
    await asterisk.pass(5_000);
    expect([(await asterisk.call(first)).state, (await asterisk.call(second)).state]).toEqual(['busy', 'busy']);
  });
});
