import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.js';
import type { ServerTls } from './server-under-test.js';

const DAYS = '2';

/** A folder by its path here, and by the one that the programs in the root know. */
export interface SharedFolder {
  readonly outside: string;
  readonly inside: string;
}

/** A certificate authority of our own and a certificate of it for `localhost`, made by the root's OpenSSL in `folder`. */
export async function makeCertificates(root: string, { inside, outside }: SharedFolder): Promise<ServerTls> {
  const openssl = (...args: readonly string[]) => must('chroot', [root, 'openssl', ...args]);
  const file = (name: string) => `${inside}/${name}`;
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = ['-x509', '-days', DAYS, '-subj', '/CN=Private CA', '-addext', 'keyUsage=critical,keyCertSign'];
  await openssl('req', ...key, ...authority, '-keyout', file('ca.key'), '-out', file('ca.pem'));
  await openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', file('cert.key'), '-out', file('cert.csr'));
  writeFileSync(join(outside, 'cert.ext'), 'subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n');
  const signed = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('cert.ext')];
  await openssl('x509', '-req', '-in', file('cert.csr'), ...signed, '-days', DAYS, '-out', file('cert.pem'));
  return { ca: join(outside, 'ca.pem'), cert: join(outside, 'cert.pem'), key: join(outside, 'cert.key') };
}
