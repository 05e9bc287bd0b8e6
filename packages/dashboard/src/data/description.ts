import { useQuery } from '@tanstack/react-query';
import type { JsonSchema } from '../schema/json-schema.js';
import { useServer } from './server.js';

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What the server's own description says of a phone deployment: its form is made of it. */
export function useDeploymentSchema() {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['description'],
    queryFn: ({ signal }) => requests.json<Description>('GET', '/openapi.json', { signal }),
    select: ({ components: { schemas } }) => schemas.PhoneDeploymentInput ?? {},
    staleTime: Number.POSITIVE_INFINITY,
  });
}
