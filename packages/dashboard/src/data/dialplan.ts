import { useMutation, useQuery } from '@tanstack/react-query';
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

/** Whether an Asterisk has called an assistant, and what it was refused with. */
export interface Contact {
  readonly accepted: { readonly at: string; readonly callId: string; readonly from: string } | null;
  readonly refused: { readonly at: string; readonly code: string; readonly message: string } | null;
}

const LOOK_MS = 2_500;

export function useContact(assistantId: string | undefined) {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['contact', assistantId],
    queryFn: ({ signal }) =>
      requests.json<Contact>('GET', `/v1/assistants/${encodeURIComponent(assistantId ?? '')}/contact`, { signal }),
    enabled: assistantId !== undefined,
    refetchInterval: LOOK_MS,
  });
}
