import { randomBytes } from 'node:crypto';
import type { WriteDialplan } from '@rapida/api';
import type { Config } from './config.js';
import { generateConfiguration, parseServer } from './dialplan.js';

/** In the place of the key: who asks gets no key that is kept here. */
export const PLACEHOLDER_KEY = 'rpd-PUT-THE-KEY-HERE';

const PASSWORD_BYTES = 24;

/** What to put into Asterisk, with the addresses of this server; `ports` are those that were bound. */
export function ownDialplan(
  { publicHost, http: { tls } }: Config,
  ports: () => { readonly http: number; readonly audiosocket: number },
): WriteDialplan {
  return ({ assistantId, asterisk, transport, direction, layout }) => {
    const { http, audiosocket } = ports();
    const server = parseServer(`${publicHost ?? `localhost:${http}`}/${audiosocket}`);
    return generateConfiguration({
      ...{ asterisk, transport, direction, layout, scheme: tls === undefined ? 'http' : 'https' },
      servers: [{ ...server, assistantId, apiKey: PLACEHOLDER_KEY }],
      // Ours to make, and the owner's to give to a credential: it is kept nowhere.
      ariPassword: direction === 'inbound' ? undefined : randomBytes(PASSWORD_BYTES).toString('base64url'),
    });
  };
}
