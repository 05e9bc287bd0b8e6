import { type ChatBody, chatEvents, refusedChat, refusedOrder } from '../../ai-sdk/testing/chat-rules.js';
import {
  eventStream,
  type FakeAnswer,
  type FakeToolCall,
  jsonAnswer,
} from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, startFakeHttp } from '../../wire/testing/fake-http.js';

/** Mistral's server as https://docs.mistral.ai/api/ and the messages of its refusals describe it. */
export const FAKE_KEY = 'fake-mistral-key-0123456789';

export function startFakeMistral(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: ({ headers, method, path, body }) => {
      if (headers.authorization !== `Bearer ${FAKE_KEY}`) return jsonAnswer(401, { detail: 'Unauthorized' });
      if (method === 'GET') return undefined;
      if (path !== '/v1/chat/completions') return errorAnswer(404, 'no Route matched with those values');
      const wrong =
        refusedChat(body as ChatBody, /^[a-zA-Z0-9]{9}$/) ?? refusedOrder(body as ChatBody) ?? refusedEffort(body);
      return wrong === undefined ? undefined : errorAnswer(400, wrong);
    },
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { object: 'list', data: [] }) : mistralAnswer(['Good', ' morning', '.']),
  });
}

function refusedEffort({ model, reasoning_effort: effort }: ChatBody): string | undefined {
  const isAdjustable = /small-(latest|2603)|medium-3\.5/.test(model ?? '');
  return effort === undefined || isAdjustable ? undefined : 'reasoning_effort is not supported for this model';
}

export function errorAnswer(status: number, message: string): FakeAnswer {
  return jsonAnswer(status, { object: 'error', message, type: 'invalid_request_error', param: null, code: '3280' });
}

export function mistralAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return eventStream(chatEvents(deltas, calls, (usage) => ({ usage })));
}
