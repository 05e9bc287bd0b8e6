import type { CredentialInput, NewCredential } from '@rapida/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { allOf } from './all-of.js';
import { useServer } from './server.js';

const ALL = ['credentials'] as const;

export function useCredentials(enabled = true) {
  const { rapida } = useServer();
  return useQuery({
    enabled,
    queryKey: [...ALL, 'list'],
    queryFn: ({ signal }) => allOf(rapida.credentials.each({}, { signal })),
  });
}

/** The assistants that name it. */
export function useCredentialUses(id: string) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...ALL, 'uses', id],
    queryFn: ({ signal }) => rapida.credentials.uses(id, { signal }),
  });
}

/** What the value of a credential holds by provider, and which field of it nobody may see. */
export function useCredentialForms() {
  const { rapida } = useServer();
  return useQuery({
    queryKey: ['credential-forms'],
    queryFn: ({ signal }) => rapida.credentials.forms({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCreateCredential() {
  const { rapida } = useServer();
  return useChanging((body: NewCredential) => rapida.credentials.create(body));
}

export function useSaveCredential(id: string) {
  const { rapida } = useServer();
  return useChanging((body: CredentialInput) => rapida.credentials.save(id, body));
}

export function useRemoveCredential() {
  const { rapida } = useServer();
  return useChanging((id: string) => rapida.credentials.remove(id));
}

/** Asks the other side. That it does not open is an answer. */
export function useTestCredential() {
  const { rapida } = useServer();
  return useMutation({ mutationFn: (id: string) => rapida.credentials.test(id) });
}

function useChanging<T, R>(change: (value: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ALL }) });
}
