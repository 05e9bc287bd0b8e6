import { useQuery } from '@tanstack/react-query';
import type { JsonSchema } from '../schema/json-schema.js';
import { useServer } from './server.js';

interface Description {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly requestBody?: {
              readonly content: { readonly 'application/json': { readonly schema: JsonSchema } };
            };
          }
        >
      >
    >
  >;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What a phone deployment holds: its form is made of it. */
export function useDeploymentSchema() {
  return useDescription(({ components: { schemas } }) => schemas.PhoneDeploymentInput ?? {});
}

/** Names of events that webhooks can be told of. */
export function useEventTypes() {
  return useDescription(({ paths }) => {
    const body = paths['/v1/webhooks']?.post?.requestBody?.content['application/json'].schema;
    return (body?.properties?.events?.items?.enum ?? []).map(String);
  });
}

/** The server's own description of what it takes. */
function useDescription<T>(select: (description: Description) => T) {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['description'],
    queryFn: ({ signal }) => requests.json<Description>('GET', '/openapi.json', { signal }),
    select,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
