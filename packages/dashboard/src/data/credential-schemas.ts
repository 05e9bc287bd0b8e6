import { useQuery } from '@tanstack/react-query';
import type { JsonSchema } from '../schema/json-schema.js';
import { useServer } from './server.js';

/** What the value of a credential holds, and which field of it nobody may see. */
export interface CredentialKind {
  readonly schema: JsonSchema;
  readonly secret: string;
}

/** By provider, as the server has them. */
export function useCredentialKinds() {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['credential-kinds'],
    queryFn: ({ signal }) =>
      requests.json<Readonly<Record<string, CredentialKind>>>('GET', '/v1/credentials/schema.json', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
