import type { Assistant, AssistantInput, PhoneDeploymentInput } from '@rapida/client';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { allOf } from './all-of.js';
import { useServer } from './server.js';

const ALL = ['assistants'] as const;

export function useAssistants() {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...ALL, 'list'],
    queryFn: ({ signal }) => allOf(rapida.assistants.each({}, { signal })),
  });
}

/** Their names by their ids; empty until they are known. */
export function useAssistantNames(): ReadonlyMap<string, string> {
  const { data = [] } = useAssistants();
  return new Map(data.map(({ id, name }) => [id, name]));
}

export function useAssistant(id: string) {
  const { rapida } = useServer();
  return useQuery({ queryKey: [...ALL, 'one', id], queryFn: ({ signal }) => rapida.assistants.get(id, { signal }) });
}

export function useAssistantSchema() {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['assistant-schema'],
    queryFn: ({ signal }) => requests.json<unknown>('GET', '/v1/assistants/schema.json', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const VERSIONS_AT_ONCE = 50;

export function useVersions(id: string) {
  const { rapida } = useServer();
  return useInfiniteQuery({
    queryKey: [...ALL, 'versions', id],
    queryFn: ({ pageParam, signal }) =>
      rapida.assistants.versions(
        id,
        { limit: VERSIONS_AT_ONCE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** The configuration of one version; undefined asks nothing. */
export function useVersion(id: string, version: number | undefined) {
  const { rapida } = useServer();
  return useQuery({
    queryKey: [...ALL, 'version', id, version],
    queryFn: ({ signal }) => rapida.assistants.getVersion(id, version ?? 0, { signal }),
    enabled: version !== undefined,
    // Versions never change.
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useCreateAssistant() {
  const { rapida } = useServer();
  return useChanging((body: AssistantInput) => rapida.assistants.create(body));
}

/** `live`: at once; `draft`: as a version that waits to be published. */
export type SaveAs = 'live' | 'draft';

export function useSaveAssistant(id: string) {
  const { rapida } = useServer();
  return useChanging(async ({ config, as }: { readonly config: AssistantInput; readonly as: SaveAs }) => {
    const { version } =
      as === 'live' ? await rapida.assistants.save(id, config) : await rapida.assistants.addVersion(id, config);
    return version;
  });
}

export function usePublishVersion(id: string) {
  const { rapida } = useServer();
  return useChanging((version: number) => rapida.assistants.publish(id, version));
}

export function useRemoveAssistant() {
  const { rapida } = useServer();
  return useChanging((id: string) => rapida.assistants.remove(id));
}

export function useSaveDeployment(id: string) {
  const { rapida } = useServer();
  return useChanging((body: PhoneDeploymentInput) => rapida.assistants.savePhoneDeployment(id, body));
}

function useChanging<T, R>(change: (value: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ALL }) });
}

/** What the server adds when an assistant is read, and what is not its configuration. */
const ADDED: readonly string[] = ['id', 'version', 'createdAt', 'updatedAt', 'phoneDeployment'];

export function configOf(assistant: Assistant): AssistantInput {
  return Object.fromEntries(Object.entries(assistant).filter(([name]) => !ADDED.includes(name))) as AssistantInput;
}
