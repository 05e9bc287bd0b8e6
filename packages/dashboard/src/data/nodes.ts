import { useQuery } from '@tanstack/react-query';
import { useServer } from './server.js';

/** Nodes say how they are every few seconds. */
const LOOK_MS = 5_000;

export function useNodes(enabled = true) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: ['nodes'],
    queryFn: async ({ signal }) => (await rapida.nodes.list({ signal })).data,
    refetchInterval: LOOK_MS,
    enabled,
  });
}
