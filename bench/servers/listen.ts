import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { answerParent } from '../child-side.js';

export interface ServerReady {
  readonly port: number;
}

/** Listens on a free port of the loopback and tells the parent which. */
export async function listenForParent(
  server: Server,
  answers: Readonly<Record<string, () => object>> = {},
): Promise<void> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ready: ServerReady = { port: (server.address() as AddressInfo).port };
  answerParent(ready, answers);
}
