import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startTcpRelay, type TcpRelay } from './tcp-relay.js';

let echo: Server;
let relay: TcpRelay;
const open: Socket[] = [];
beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  relay = await startTcpRelay(`redis://:password@127.0.0.1:${(echo.address() as AddressInfo).port}/0`);
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  await relay.close();
  await new Promise((resolve) => echo.close(resolve));
});

/** What a client hears that says something. */
async function client(port: number) {
  const heard: string[] = [];
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  open.push(socket);
  socket.on('data', (text: string) => heard.push(text));
  await once(socket, 'connect');
  return { socket, heard, said: () => heard.join('') };
}

const through = () => client(Number(new URL(relay.url).port));

/** Whatever can arrive has arrived when this has: it is sent later. */
async function aWhile(): Promise<void> {
  const { socket, said } = await client((echo.address() as AddressInfo).port);
  for (let times = 1; times <= 10; times++) {
    socket.write('x');
    await expect.poll(said, { interval: 1 }).toBe('x'.repeat(times));
  }
}

it('keeps the address but for the port', () => {
  expect(relay.url.replace(/:\d+\/0$/, '')).toBe('redis://:password@127.0.0.1');
});

it('passes on what is said, both ways', async () => {
  const { socket, said } = await through();
  socket.write('hello');
  await expect.poll(said).toBe('hello');
});

it('lets nothing through while it is cut, says so to nobody, and brings all of it when it is mended', async () => {
  const before = await through();
  before.socket.write('1');
  await expect.poll(before.said).toBe('1');
  relay.cut();
  before.socket.write('2');
  const meanwhile = await through();
  meanwhile.socket.write('3');
  await aWhile();
  expect([before.said(), meanwhile.said(), before.socket.closed, meanwhile.socket.closed]).toEqual([
    '1',
    '',
    false,
    false,
  ]);
  relay.mend();
  await expect.poll(before.said).toBe('12');
  await expect.poll(meanwhile.said).toBe('3');
});

it('is closed with everything that waits', async () => {
  relay.cut();
  const { socket } = await through();
  const closed = once(socket, 'close');
  await relay.close();
  await closed;
});
