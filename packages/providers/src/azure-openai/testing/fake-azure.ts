import { type ChatBody, refusedChat } from '../../ai-sdk/testing/chat-rules.js';
import {
  chatAnswer,
  type FakeAnswer,
  type FakeToolCall,
  jsonAnswer,
} from '../../openai-compatible/testing/fake-answers.js';
import { type FakeHttp, type FakeHttpRequest, startFakeHttp } from '../../wire/testing/fake-http.js';

/** A resource of Azure OpenAI as https://learn.microsoft.com/azure/ai-foundry/openai/reference describes it, v1 and dated. */
export const FAKE_KEY = 'fake-azure-key-0123456789';

/** Deployments of models that reason; one says so in its name. */
const REASONING = ['gpt-5-mini', 'reception'];

export function startFakeAzure(): Promise<FakeHttp> {
  return startFakeHttp({
    refuse: (request) => {
      const key = request.headers['api-key'];
      if (key !== FAKE_KEY) return errorAnswer(401, `Access denied due to invalid subscription key ${key}.`, '401');
      if (request.method === 'GET') return undefined;
      const deployment = deploymentOf(request);
      if (deployment === undefined) return errorAnswer(404, 'Resource not found', '404');
      const body = request.body as ChatBody & { readonly model?: string };
      const wrong = refusedChat({ ...body, model: deployment }, /^[\w-]{1,40}$/) ?? refusedSampling(deployment, body);
      return wrong === undefined ? undefined : errorAnswer(400, wrong, 'unsupported_value');
    },
    answer: ({ method }) =>
      method === 'GET' ? jsonAnswer(200, { object: 'list', data: [] }) : azureAnswer(['Good', ' morning', '.']),
  });
}

function deploymentOf({ target, body }: FakeHttpRequest): string | undefined {
  if (target === '/openai/v1/chat/completions') return typeof body.model === 'string' ? body.model : undefined;
  const [, name] =
    /^\/openai\/deployments\/([^/]+)\/chat\/completions\?api-version=\d{4}-\d\d-\d\d$/.exec(target) ?? [];
  return name === undefined ? undefined : decodeURIComponent(name);
}

function refusedSampling(deployment: string, body: ChatBody): string | undefined {
  if (!REASONING.includes(deployment)) {
    return body.reasoning_effort === undefined ? undefined : 'Unrecognized request argument supplied: reasoning_effort';
  }
  if (body.max_tokens !== undefined) return "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
  return body.temperature === undefined ? undefined : "Unsupported value: 'temperature' does not support 0.4.";
}

export function errorAnswer(status: number, message: string, code = 'x'): FakeAnswer {
  return jsonAnswer(status, { error: { code, message } });
}

/** Azure begins with what its filters say of the prompt, in a chunk without choices. */
export function azureAnswer(deltas: readonly string[], calls: readonly FakeToolCall[] = []): FakeAnswer {
  const answer = chatAnswer(deltas, calls);
  const filters = {
    id: '',
    object: '',
    created: 0,
    model: '',
    choices: [],
    prompt_filter_results: [{ prompt_index: 0 }],
  };
  return { ...answer, body: `data: ${JSON.stringify(filters)}\n\n${String(answer.body)}` };
}
