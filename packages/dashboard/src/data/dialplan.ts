import type { DialplanRequest } from '@rapida/client';
import { useMutation } from '@tanstack/react-query';
import { useServer } from './server.js';

/** What the files are for; all of it is chosen. */
export type DialplanWanted = Required<DialplanRequest>;

/** The very files that `rapida dialplan` writes. */
export function useDialplan() {
  const { rapida } = useServer();
  return useMutation({ mutationFn: (wanted: DialplanWanted) => rapida.dialplan.write(wanted) });
}
