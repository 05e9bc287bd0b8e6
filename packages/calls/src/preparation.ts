import type { RenderedGreeting } from '@rapida/conversation';
import {
  type AssistantConfig,
  type AssistantRecord,
  type AssistantStore,
  type CallContext,
  type CallRecord,
  type CallStore,
  type Clock,
  type ContextId,
  type EntityId,
  type Logger,
  type ProviderSet,
  type ProviderSource,
  RapidaError,
  type Toolbox,
} from '@rapida/core';
import { assistantAt } from './assistant-at.js';
import { configOfCall, variablesOf } from './call-config.js';
import { fillSpoken } from './fill-variables.js';
import type { Greetings } from './greetings.js';
import { type SaidBefore, saidBefore } from './said-before.js';
import type { OpenToolbox } from './tools/toolbox.js';

/** Calls made ready before their media is there. A call beyond it is made ready when its media comes. */
export const PREPARED_CALLS_MAX = 1_000;
/** What nobody has taken by then another node has claimed, or nobody will. */
export const PREPARED_MS_MAX = 15 * 60_000;

/** Everything a conversation starts from, as it was when the call came in. */
export interface PreparedCall {
  readonly assistant: AssistantRecord;
  /** The assistant's, with what this call has otherwise, and its values in what is spoken. */
  readonly config: AssistantConfig;
  readonly variables: Readonly<Record<string, string>>;
  /** As the call came with it. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Set where it had media before: it goes on. */
  readonly before: SaidBefore | undefined;
  readonly providers: ProviderSet;
  /** Or what is said instead where it goes on. Undefined where it has to be spoken live; never rejects. */
  readonly greeting: Promise<RenderedGreeting | undefined>;
  /** Those that could be rendered; never rejects. */
  readonly fillers: Promise<readonly RenderedGreeting[]>;
  /** To be closed by whoever takes the call. */
  readonly toolbox: Toolbox;
}

export interface PendingCall {
  /** Undefined where this process did not register the call: the record has to be read first. */
  readonly assistant: AssistantRecord | undefined;
  /** Rejects with a `RapidaError`. */
  readonly ready: Promise<PreparedCall>;
}

/**
 * Uses the time between the webhook and the media: engines are opened and the greeting is rendered while Asterisk is
 * still connecting. Nobody waits for it, and a failure is kept for the session that will need it.
 */
export interface Preparations {
  start(call: CallRecord, assistant: AssistantRecord): void;
  /** Hands over what was prepared, or prepares it now. */
  take(context: CallContext): PendingCall;
  /** The call will not come. Idempotent. */
  drop(contextId: ContextId): void;
  /** Whether something was made ready less than so long ago and has not been taken. */
  awaits(withinMs: number): boolean;
  dropAll(): void;
}

export interface PreparationDependencies {
  readonly providers: ProviderSource;
  readonly greetings: Greetings;
  readonly calls: Pick<CallStore, 'getByContext' | 'turns'>;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly logger: Logger;
  /** Never rejects. */
  readonly openTools: (wanted: OpenToolbox) => Promise<Toolbox>;
  readonly preparedMax?: number;
}

export function createPreparations(dependencies: PreparationDependencies): Preparations {
  const { clock, preparedMax = PREPARED_CALLS_MAX } = dependencies;
  const prepared = new Map<ContextId, PendingCall & { readonly sinceMs: number }>();

  function drop(contextId: ContextId): void {
    const pending = prepared.get(contextId);
    prepared.delete(contextId);
    if (pending !== undefined) letGo(pending);
  }

  return {
    start(call, assistant) {
      const ready = prepare(dependencies, call, assistant);
      // Heard by the session; until then it is not an unhandled rejection.
      ready.catch((error: unknown) => {
        dependencies.logger.warn({ err: error, callId: call.id }, 'the engines of a call could not be opened ahead');
      });
      const nowMs = clock.nowMs();
      prepared.set(call.contextId, { assistant: asRecorded(assistant, call), ready, sinceMs: nowMs });
      for (const [contextId, { sinceMs }] of prepared) {
        if (prepared.size <= preparedMax && nowMs - sinceMs < PREPARED_MS_MAX) break;
        drop(contextId);
      }
    },
    take(context) {
      const pending = prepared.get(context.contextId);
      prepared.delete(context.contextId);
      return pending ?? { assistant: undefined, ready: prepareLate(dependencies, context) };
    },
    drop,
    awaits(withinMs) {
      const sinceMs = clock.nowMs() - withinMs;
      return [...prepared.values()].some((pending) => pending.sinceMs > sinceMs);
    },
    dropAll() {
      for (const contextId of [...prepared.keys()]) drop(contextId);
    },
  };
}

/** What was opened for it is closed when it is open. */
function letGo({ ready }: PendingCall): void {
  ready.then(({ toolbox }) => toolbox.close()).catch(() => {});
}

/** What is recorded is known before the rest: sound comes at once. */
function asRecorded(assistant: AssistantRecord, { overrides }: CallRecord): AssistantRecord {
  if (overrides?.recording === undefined) return assistant;
  const recording = { ...assistant.config.recording, ...overrides.recording };
  return { ...assistant, config: { ...assistant.config, recording } };
}

async function prepare(
  { calls, providers, greetings, openTools }: PreparationDependencies,
  call: CallRecord,
  assistant: AssistantRecord,
): Promise<PreparedCall> {
  const before = call.connectedAtMs === null ? undefined : saidBefore(await calls.turns(call.id));
  const own = configOfCall(call, assistant);
  const variables = variablesOf(call, own);
  const config = fillSpoken(own, variables);
  const { projectId } = assistant;
  const toolbox = openTools({ tools: config.tools, projectId, variables });
  const opened = await openProviders(providers, config, projectId).catch((error: unknown) => {
    toolbox.then((tools) => tools.close());
    throw error;
  });
  opened.warm?.();
  const greeting = isGreetedByModel(opened, config)
    ? Promise.resolve(undefined)
    : greetings.get({ ...assistant, config }, firstWords(config, before), opened.tts);
  const fillers = renderedFillers(greetings, { ...assistant, config }, opened);
  const { metadata } = call;
  const spoken = { providers: opened, greeting, fillers };
  return { assistant, config, variables, metadata, before, ...spoken, toolbox: await toolbox };
}

function firstWords({ greeting, resumption }: AssistantConfig, before: SaidBefore | undefined): string {
  return before === undefined ? greeting : resumption.say;
}

/** Where all is done here and at once, none is needed. */
async function renderedFillers(
  greetings: Greetings,
  assistant: AssistantRecord,
  { tts, realtime }: ProviderSet,
): Promise<readonly RenderedGreeting[]> {
  const { filler, stt, llm, tools, tts: voice } = assistant.config;
  // A model that speaks itself finds words of its own.
  if (realtime !== undefined) return [];
  const isAllLocal = [stt.provider, llm.provider, voice.provider].every((one) => one === 'local');
  if (isAllLocal && tools.http.length + tools.mcp.length === 0) return [];
  const rendered = await Promise.all(filler.phrases.map((phrase) => greetings.get(assistant, phrase, tts)));
  return rendered.filter((one) => one !== undefined);
}

/** Beside a model that speaks itself there is only the local voice, which knows no language but English. */
function isGreetedByModel({ realtime }: ProviderSet, { language }: AssistantConfig): boolean {
  return realtime !== undefined && !/^en\b/i.test(language);
}

async function openProviders(
  providers: ProviderSource,
  config: AssistantConfig,
  projectId: EntityId,
): Promise<ProviderSet> {
  try {
    return await providers.forAssistant(config, projectId);
  } catch (error) {
    throw RapidaError.from(error);
  }
}

async function prepareLate(dependencies: PreparationDependencies, context: CallContext): Promise<PreparedCall> {
  const call = await dependencies.calls.getByContext(context.contextId);
  if (call === undefined) throw new RapidaError('call_not_found');
  return prepare(dependencies, call, await assistantAt(dependencies.assistants, call));
}
