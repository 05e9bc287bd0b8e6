import { randomBytes } from 'node:crypto';
import type { DialplanWriter } from '@rapida/api';
import { BRANCHES, generateConfiguration, NEWEST, parseServer } from './dialplan.js';

/** Where a key belongs in the files: whoever makes one puts it there, it is shown once and never kept. */
export const KEY_PLACEHOLDER = 'rpd-PUT-THE-KEY-HERE';

const PASSWORD_BYTES = 24;

export interface ServerAddresses {
  readonly publicHost: string;
  readonly scheme: 'http' | 'https';
  readonly audiosocketPort: number;
}

/** `addresses` is asked when files are written: ports are known when the server listens. */
export function createDialplanWriter(addresses: () => ServerAddresses): DialplanWriter {
  return {
    // Newest first, the newest release of each branch.
    releases: [...BRANCHES].sort((a, b) => b - a).map((branch) => NEWEST[branch]),
    write({ assistantId, ...wanted }) {
      const { publicHost, scheme, audiosocketPort } = addresses();
      const server = { ...parseServer(`${publicHost}/${audiosocketPort}`), assistantId, apiKey: KEY_PLACEHOLDER };
      const callsOut = wanted.direction === 'outbound' || wanted.direction === 'both';
      // Ours to make, and the owner's to give to a credential: it is kept nowhere.
      const ariPassword = callsOut ? randomBytes(PASSWORD_BYTES).toString('base64url') : undefined;
      const { files, notes } = generateConfiguration({ ...wanted, scheme, servers: [server], ariPassword });
      return { files: [...files], notes: [...notes], keyPlaceholder: KEY_PLACEHOLDER };
    },
  };
}
