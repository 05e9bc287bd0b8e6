import type { DialplanWriter } from '@rapida/api';
import { BRANCHES, generateConfiguration, NEWEST, parseServer } from './dialplan.js';

/** Where a key belongs in the files: whoever makes one puts it there, it is shown once and never kept. */
export const KEY_PLACEHOLDER = 'RAPIDA_API_KEY';

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
      const { files, notes } = generateConfiguration({ ...wanted, scheme, servers: [server] });
      return { files: [...files], notes: [...notes], keyPlaceholder: KEY_PLACEHOLDER };
    },
  };
}
