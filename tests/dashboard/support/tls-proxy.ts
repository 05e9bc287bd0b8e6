import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_TLS } from '@rapida/core/testing';
import { freeTcpPort } from '../../interop/free-ports.js';
import { findHaproxy, listens } from '../../support/real-parts/haproxy.js';
import { PrivateServer } from '../../support/real-parts/private-server.js';

export interface TlsProxy {
  /** With the prefix, without a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A HAProxy that speaks https, has other things than us at its root, and takes the prefix away. */
export async function startTlsProxy(prefix: string, serverPort: number): Promise<TlsProxy> {
  const file = await findHaproxy();
  const port = await freeTcpPort();
  const folder = await mkdtemp(join(tmpdir(), 'rapida-proxy-'));
  await writeFile(join(folder, 'server.pem'), `${TEST_TLS.cert}${TEST_TLS.key}`);
  await writeFile(join(folder, 'haproxy.cfg'), configurationOf({ prefix, port, serverPort, folder }));
  const server = new PrivateServer({ file, args: ['-db', '-f', join(folder, 'haproxy.cfg')], folder });
  await listens(server, port);
  return {
    url: `https://127.0.0.1:${port}${prefix}`,
    async stop() {
      await server.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface ProxyOptions {
  readonly prefix: string;
  readonly port: number;
  readonly serverPort: number;
  readonly folder: string;
}

function configurationOf({ prefix, port, serverPort, folder }: ProxyOptions): string {
  return `defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 10m

frontend browsers
  bind 127.0.0.1:${port} ssl crt ${folder}/server.pem
  http-request deny deny_status 404 unless { path_beg ${prefix}/ }
  http-request set-header X-Forwarded-Proto https
  http-request set-header X-Forwarded-Prefix ${prefix}
  http-request replace-path ^${prefix}(/.*)$ \\1
  default_backend rapida

backend rapida
  server one 127.0.0.1:${serverPort}
`;
}
