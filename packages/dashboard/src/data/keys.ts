import type { NewApiKey } from '@rapida/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServer } from './server.js';

const ALL = ['keys'] as const;

export function useKeys() {
  const { rapida } = useServer();
  return useQuery({ queryKey: ALL, queryFn: async ({ signal }) => (await rapida.keys.list({ signal })).data });
}

export function useCreateKey() {
  const { rapida } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewApiKey) => rapida.keys.create(body),
    onSuccess: () => client.invalidateQueries({ queryKey: ALL }),
    // The text of a key is shown once, and kept nowhere.
    gcTime: 0,
  });
}

export function useRevokeKey() {
  const { rapida } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => rapida.keys.revoke(id),
    onSuccess: () => client.invalidateQueries({ queryKey: ALL }),
  });
}
