import { type ChatBody, chatEvents, refusedChat } from '../../ai-sdk/testing/chat-rules.js';
import {
  eventStream,
  type FakeAnswer,
  type FakeToolCall,
  jsonAnswer,
} from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, startFakeHttp } from '../../wire/testing/fake-http.js';

/** Groq's server as https://console.groq.com/docs/api-reference, /reasoning and /errors describe it. */
export const FAKE_KEY = 'gsk_fake-groq-key-0123456789';

export function startFakeGroq(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: ({ headers, method, path, body }) => {
      const key = headers.authorization?.replace('Bearer ', '');
      if (key !== FAKE_KEY) return errorAnswer(401, `Invalid API Key ${key}`, 'invalid_api_key');
      if (method === 'GET') return undefined;
      if (path !== '/openai/v1/chat/completions') return errorAnswer(404, `Unknown request URL: POST ${path}`);
      const wrong = refusedChat(body as ChatBody, /^[\w-]{1,64}$/) ?? refusedReasoning(body);
      return wrong === undefined ? undefined : errorAnswer(400, wrong);
    },
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { object: 'list', data: [] }) : groqAnswer(['Good', ' morning', '.']),
  });
}

function refusedReasoning(body: ChatBody & { readonly reasoning_format?: string }): string | undefined {
  const { model = '', reasoning_effort: effort, reasoning_format: format } = body;
  const efforts = /gpt-oss/.test(model) ? ['low', 'medium', 'high'] : /qwen3/.test(model) ? ['none', 'default'] : [];
  if (effort !== undefined && !efforts.includes(effort))
    return `reasoning_effort ${effort} is not supported with this model`;
  if (format !== undefined && !/qwen|qwq|deepseek-r1/.test(model))
    return 'reasoning_format is not supported with this model';
  return undefined;
}

export function errorAnswer(status: number, message: string, code?: string): FakeAnswer {
  return jsonAnswer(status, { error: { message, type: 'invalid_request_error', ...(code !== undefined && { code }) } });
}

export function groqAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  return eventStream(chatEvents(deltas, calls, (usage) => ({ x_groq: { id: 'req_1', usage } })));
}
