import { createContextKey, type HandlerContext, type ServiceImpl } from '@connectrpc/connect';
import type { PhoneCallOrder, UseCases } from '@rapida/calls';
import { type Clock, type EntityId, RapidaError } from '@rapida/core';
import type { CreatePhoneCallRequest, TalkService } from '../../proto/gen/talk-api_pb.js';
import { decodeValues } from './any-value.js';
import { conversation, conversationMessage, placedConversation } from './conversation.js';
import { callFilter, isDescending, pageOf, roleFilter, walkTo, wantedPage } from './paging.js';

/** The project of the key that came with the call. */
export const PROJECT_ID = createContextKey<EntityId>('', { description: 'project of the key' });

const IDEMPOTENCY_KEY = 'idempotency-key';
const IDEMPOTENCY_KEY_CHARS_MAX = 255;
const SUCCESS = { code: 200, success: true } as const;

export interface TalkDependencies {
  readonly useCases: Pick<UseCases, 'outbound' | 'calls'>;
  readonly clock: Clock;
}

/** Every failure is a `RapidaError`, which the caller turns into a status. */
export function createTalkService({ useCases, clock }: TalkDependencies): ServiceImpl<typeof TalkService> {
  const { outbound, calls } = useCases;

  async function place(orders: readonly PhoneCallOrder[], context: HandlerContext) {
    const projectId = context.values.get(PROJECT_ID);
    const placed = await outbound.place(projectId, orders, idempotencyKey(context.requestHeader));
    const placedAtMs = clock.wallMs();
    return orders.flatMap((order, index) => {
      const call = placed[index];
      return call === undefined ? [] : [placedConversation(call, { order, projectId, placedAtMs })];
    });
  }

  return {
    async createPhoneCall(request, context) {
      const [data] = await place([toOrder(request, '')], context);
      return { ...SUCCESS, ...(data !== undefined && { data }) };
    },

    async createBulkPhoneCall({ phoneCalls }, context) {
      const orders = phoneCalls.map((request, index) => toOrder(request, `phoneCalls[${index}]: `));
      return { ...SUCCESS, data: await place(orders, context) };
    },

    async getAllAssistantConversation({ assistantId, paginate, criterias }, context) {
      const projectId = context.values.get(PROJECT_ID);
      const filter = callFilter(assistantId, criterias);
      const wanted = wantedPage(paginate);
      const list = (limit: number, cursor: string | null) => calls.list(projectId, filter, limit, cursor);
      const { items, totalItem } = await walkTo(wanted, list);
      const data = [];
      // One after the other: a page is not worth the store's whole attention.
      for (const call of items) {
        const metrics = await calls.metrics(projectId, call.id);
        data.push(conversation(call, { metrics, events: await calls.events(projectId, call.id) }));
      }
      return { ...SUCCESS, data, paginated: { currentPage: wanted.page, totalItem } };
    },

    async getAllConversationMessage({ assistantId, assistantConversationId, paginate, criterias, order }, context) {
      const projectId = context.values.get(PROJECT_ID);
      const roles = roleFilter(criterias);
      const descending = isDescending(order);
      const wanted = wantedPage(paginate);
      const call = await calls.get(projectId, assistantConversationId);
      if (assistantId !== '0' && assistantId !== call.assistantId) throw new RapidaError('call_not_found');
      const turns = await calls.transcript(projectId, assistantConversationId);
      const messages = turns
        .map((turn, index) => conversationMessage(call, turn, index))
        .filter((_message, index) => roles.includes(turns[index]?.role ?? 'user'));
      const { items, totalItem } = pageOf(wanted, descending ? messages.reverse() : messages);
      return { ...SUCCESS, data: [...items], paginated: { currentPage: wanted.page, totalItem } };
    },
  };
}

/** `where` begins the message of an error. */
function toOrder(request: CreatePhoneCallRequest, where: string): PhoneCallOrder {
  const { assistant, toNumber, fromNumber, metadata, args, options } = request;
  return {
    // No assistant has the id 0, which is what an id that was left out arrives as.
    assistantId: assistant === undefined || assistant.assistantId === '0' ? '' : assistant.assistantId,
    version: assistant?.version ?? '',
    toNumber,
    fromNumber,
    metadata: decodeValues(metadata, `${where}metadata`),
    args: decodeValues(args, `${where}args`),
    options: decodeValues(options, `${where}options`),
  };
}

function idempotencyKey(headers: Headers): string | undefined {
  const key = headers.get(IDEMPOTENCY_KEY) ?? '';
  if (key.length > IDEMPOTENCY_KEY_CHARS_MAX) {
    throw new RapidaError('invalid_request', `${IDEMPOTENCY_KEY}: at most ${IDEMPOTENCY_KEY_CHARS_MAX} characters.`);
  }
  return key === '' ? undefined : key;
}
