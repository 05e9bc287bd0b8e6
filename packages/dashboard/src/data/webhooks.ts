import type { Delivery, DeliveryFilter, WebhookInput } from '@rapida/client';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { allOf } from './all-of.js';
import { useServer } from './server.js';

const ALL = ['webhooks'] as const;
const DELIVERIES_AT_ONCE = 50;

export function useWebhooks() {
  const { rapida } = useServer();
  return useQuery({ queryKey: [...ALL, 'list'], queryFn: ({ signal }) => allOf(rapida.webhooks.each({}, { signal })) });
}

export function useDeliveries(filter: Omit<DeliveryFilter, 'cursor' | 'limit'>) {
  const { rapida } = useServer();
  return useInfiniteQuery({
    queryKey: [...ALL, 'deliveries', filter],
    queryFn: ({ pageParam, signal }) =>
      rapida.webhooks.deliveries(
        { ...filter, limit: DELIVERIES_AT_ONCE, ...(pageParam !== null && { cursor: pageParam }) },
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: ({ state }) => (isPending(state.data?.pages) ? PENDING_LOOK_MS : false),
  });
}

/** What is on its way is looked after until it has arrived or was given up. */
const PENDING_LOOK_MS = 3_000;

function isPending(pages: readonly { readonly data: readonly Delivery[] }[] = []): boolean {
  return pages.some(({ data }) => data.some(({ state }) => state === 'pending'));
}

export function useCreateWebhook() {
  const { rapida } = useServer();
  return useChanging((body: WebhookInput) => rapida.webhooks.create(body));
}

export function useSaveWebhook(id: string) {
  const { rapida } = useServer();
  return useChanging((body: WebhookInput) => rapida.webhooks.save(id, body));
}

export function useRemoveWebhook() {
  const { rapida } = useServer();
  return useChanging((id: string) => rapida.webhooks.remove(id));
}

export function useRotateSecret() {
  const { rapida } = useServer();
  return useChanging((id: string) => rapida.webhooks.rotateSecret(id));
}

export function useTestWebhook() {
  const { rapida } = useServer();
  return useChanging((id: string) => rapida.webhooks.test(id));
}

export function useResend() {
  const { rapida } = useServer();
  return useChanging((deliveryId: string) => rapida.webhooks.resend(deliveryId));
}

function useChanging<T, R>(change: (value: T) => Promise<R>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ALL }) });
}
