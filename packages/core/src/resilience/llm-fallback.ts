import type { Clock } from '../clock.js';
import type { Json } from '../json.js';
import type { ChatMessage, LanguageModel, LanguageModelEvent, LanguageModelRequest } from '../language-model.js';
import type { ChainLink, EngineChain } from './engine-chain.js';
import { withEventTimeout } from './timeouts.js';

export interface ModelFallbackOptions {
  readonly clock: Clock;
  /** What an event may take while somebody else could be asked. */
  readonly budgetMs: number;
  /** What it may take of the last one. */
  readonly patienceMs: number;
}

type Link = ChainLink<LanguageModel>;

/**
 * The models of a chain as one. When one fails or exceeds its budget, the next one answers; where something was said already it goes on from
 * there. A failure after a tool call is thrown: the call may have had its effect, and nobody may make it twice.
 */
export function fallingBackLanguageModel(
  chain: EngineChain<LanguageModel>,
  options: ModelFallbackOptions,
): LanguageModel {
  return {
    provider: chain.first.provider,
    generate: (request, signal) => generate(chain, options, request, signal),
    expectations(memo) {
      const { from, memo: own } = ownMemo(memo);
      return chain.at(from)?.expectations?.(own) ?? { phrases: [], kind: 'phrases' };
    },
  };
}

async function* generate(
  chain: EngineChain<LanguageModel>,
  { clock, budgetMs, patienceMs }: ModelFallbackOptions,
  request: LanguageModelRequest,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelEvent, void, undefined> {
  const tried = new Set<Link>();
  const progress = { said: '', hasCalled: false };
  let link = chain.next(tried);
  while (link !== undefined) {
    const { engine } = link;
    const providerMs = chain.isLast(tried) ? patienceMs : budgetMs;
    const asked = requestFor(request, chain.indexOf(link), progress.said);
    try {
      for await (const event of withEventTimeout({ clock, providerMs }, signal, (own) => engine.generate(asked, own))) {
        if (event.type === 'text') progress.said += event.text;
        if (event.type === 'tool-call') progress.hasCalled = true;
        yield event.type === 'memo' ? { type: 'memo', memo: { from: chain.indexOf(link), memo: event.memo } } : event;
      }
      if (!signal.aborted) chain.worked(link);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      const next: Link | undefined = progress.hasCalled ? undefined : chain.next(tried);
      chain.failed(link, error, next);
      if (next === undefined) throw error;
      link = next;
    }
  }
}

function requestFor(request: LanguageModelRequest, index: number, said: string): LanguageModelRequest {
  const { from, memo } = ownMemo(request.memo);
  const own = { ...request, memo: from === index ? memo : null };
  if (said.trim() === '') return own;
  return { ...own, messages: withSaid(request, said.trim()), continuing: true };
}

/** What was said is the last message; where the answer was being continued already, it belongs to that one. */
function withSaid({ messages, continuing }: LanguageModelRequest, said: string): readonly ChatMessage[] {
  const last = messages.at(-1);
  if (continuing !== true || last?.role !== 'assistant') return [...messages, { role: 'assistant', text: said }];
  return [...messages.slice(0, -1), { ...last, text: `${last.text} ${said}`.trim() }];
}

/** A memo is read only by the engine that wrote it. */
function ownMemo(memo: Json): { readonly from: number; readonly memo: Json } {
  const { from = 0, memo: own = null } = (memo ?? {}) as { from?: number; memo?: Json };
  return { from, memo: own };
}
