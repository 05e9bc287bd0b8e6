import { useMutation } from '@tanstack/react-query';
import { useServer } from './server.js';

/** What the files are for. */
export interface DialplanWanted {
  readonly assistantId: string;
  /** A release of Asterisk, such as `22` or `20.14`. */
  readonly asterisk: string;
  readonly transport: 'audiosocket' | 'websocket';
  readonly direction: 'inbound' | 'outbound' | 'both';
  readonly layout: 'asterisk' | 'freepbx';
}

export interface DialplanFiles {
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** What the owner has to know, and what the release cannot do. */
  readonly notes: readonly string[];
}

/** In the place of the key, which is put in here. */
export const PLACEHOLDER_KEY = 'rpd-PUT-THE-KEY-HERE';

/** The very files that `rapida dialplan` writes. */
export function useDialplan() {
  const { requests } = useServer();
  return useMutation({
    mutationFn: (body: DialplanWanted) => requests.json<DialplanFiles>('POST', '/v1/dialplan', { body }),
  });
}
