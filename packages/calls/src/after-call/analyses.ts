import {
  type AssistantConfig,
  type AssistantStore,
  type CallAnalysis,
  type CallRecord,
  type CallStore,
  type Clock,
  type EntityId,
  type JsonObject,
  type Logger,
  linkedAbort,
  type ModelConfig,
  type ProviderSource,
  RapidaError,
  recogniserSchema,
  type Scope,
  type Telemetry,
  voiceSchema,
  withRetry,
} from '@rapida/core';
import { assistantAt } from '../assistant-at.js';
import { wantsAnalysis } from '../assistant-checks.js';
import { within } from '../bounded-wait.js';
import { configOfCall, variablesOf } from '../call-config.js';
import type { StoreHealth } from '../store-health.js';
import { ask } from './ask.js';
import { questionAbout } from './question.js';

/** Made at the same time: they must not take the model from the calls that are going on. */
export const ANALYSES_AT_ONCE = 4;
/** Calls that wait for theirs; of one more it is recorded that there was no room for it. */
export const ANALYSES_WAITING_MAX = 1_000;
/** Lives of the process in which one is begun: what kills the process is not begun for ever. */
export const ANALYSIS_ATTEMPTS_MAX = 3;
/** Of a model that is busy or away for a moment; all within `afterCall.timeoutMs`. */
const ASKED_MAX = 3;
const ASK_AGAIN_MS = 1_000;
/** Of writing down what came of it. */
const WRITES_MAX = 4;
const WRITE_AGAIN_MS = 200;
/** A JSON object needs more words than an answer on the telephone. */
const OUTPUT_TOKENS_MIN = 2_000;
/** What the pieces of an answer that nobody listens to may be apart. */
const PATIENCE_MS = 30_000;
/** Read at the start: more than may wait, and the calls that the restart has ended. */
const LEFT_MAX = 2_000;

type WhichCall = Pick<CallRecord, 'projectId' | 'id'>;

/** What is made of calls that have ended, by the language model of their assistant. Never touches a call that goes on. */
export interface Analyses {
  /** The end of this call is on record, and with it that it is to be analysed. Nobody waits for it. */
  promised(call: WhichCall): void;
  /** Takes up what a former life of this process has promised and not done. */
  start(): Promise<void>;
  /** The same for a node that has died. */
  takeOver(nodeId: string): Promise<void>;
}

export interface AnalysesDependencies {
  readonly calls: CallStore;
  readonly assistants: Pick<AssistantStore, 'get' | 'getVersion'>;
  readonly providers: Pick<ProviderSource, 'forAssistant'>;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly nodeId: string;
  /** Closing it stops them: what was not done is left to the next start. */
  readonly scope: Scope;
}

/** What the end of a call promises: nothing where nothing is wanted or nothing was said. */
export function promisedAnalysis(config: AssistantConfig | undefined, turns: number): { analysis?: CallAnalysis } {
  if (config === undefined || turns === 0 || !wantsAnalysis(config)) return {};
  return { analysis: { state: 'pending', attempts: 0 } };
}

export function createAnalyses(dependencies: AnalysesDependencies): Analyses {
  const { calls, health, logger, nodeId, scope } = dependencies;
  const waiting: WhichCall[] = [];
  /** Waiting or being made. */
  const known = new Set<EntityId>();
  let running = 0;

  function next(): void {
    while (running < ANALYSES_AT_ONCE && !scope.closed) {
      const call = waiting.shift();
      if (call === undefined) return;
      running++;
      void run(call).then(() => {
        running--;
        known.delete(call.id);
        next();
      });
    }
  }

  async function run(which: WhichCall): Promise<void> {
    const log = logger.child({ callId: which.id });
    try {
      await analyseCall({ ...dependencies, logger: log }, which);
    } catch (error) {
      // Of the store: it stays pending, and the next start finds it.
      log.error({ err: error }, 'the analysis of a call could not be carried out or written down');
    }
  }

  function add(call: WhichCall): void {
    if (known.has(call.id) || scope.closed) return;
    if (waiting.length >= ANALYSES_WAITING_MAX) {
      void finish(dependencies, call, { state: 'failed', error: 'analysis_overloaded' }).catch((error: unknown) => {
        logger.error({ err: error, callId: call.id }, 'that a call is not analysed could not be written down');
      });
      return;
    }
    known.add(call.id);
    waiting.push(call);
    next();
  }

  async function takeUp(ofNode: string): Promise<void> {
    const left = await health.watch('unanalysed', calls.unanalysed(ofNode, LEFT_MAX));
    if (left.length > 0) logger.info({ calls: left.length, nodeId: ofNode }, 'calls that were left are analysed now');
    for (const call of left) add(call);
  }

  return { promised: add, start: () => takeUp(nodeId), takeOver: takeUp };
}

async function analyseCall(dependencies: AnalysesDependencies, { projectId, id }: WhichCall): Promise<void> {
  const { calls, health } = dependencies;
  const call = await health.watch('call_get', calls.get(projectId, id));
  if (call?.analysis?.state !== 'pending') return;
  const { attempts } = call.analysis;
  if (attempts >= ANALYSIS_ATTEMPTS_MAX) {
    return finish(dependencies, call, { state: 'failed', error: 'analysis_abandoned' });
  }
  // On record before it is begun, so that one that kills the process is counted.
  await health.watch('patch', calls.patch(id, { analysis: { state: 'pending', attempts: attempts + 1 } }));
  const analysis = await analysisOf(dependencies, call);
  if (analysis !== undefined) await finish(dependencies, call, analysis);
}

/** Undefined where the process stops before it is made. */
async function analysisOf(dependencies: AnalysesDependencies, call: CallRecord): Promise<CallAnalysis | undefined> {
  const { assistants, health, clock, logger, scope } = dependencies;
  const { controller, unlink } = linkedAbort(scope.signal);
  try {
    const assistant = await health.watch('assistant_get', assistantAt(assistants, call));
    const config = configOfCall(call, assistant);
    const asking = askAbout(dependencies, call, config, controller.signal);
    const asked = await within(clock, asking, config.afterCall.timeoutMs, scope.signal);
    if (scope.closed) return undefined;
    // A model that does not heed the signal is not waited for.
    return asked.inTime ? { state: 'done', ...asked.value } : { state: 'failed', error: 'provider_timeout' };
  } catch (error) {
    if (scope.closed) return undefined;
    const { code } = RapidaError.from(error);
    if (code === 'store_failed') throw error;
    logger.warn({ err: error, code }, 'a call could not be analysed');
    return { state: 'failed', error: code };
  } finally {
    unlink();
    controller.abort(new RapidaError('provider_timeout'));
  }
}

async function askAbout(
  { calls, providers, health, clock }: AnalysesDependencies,
  call: CallRecord,
  config: AssistantConfig,
  signal: AbortSignal,
) {
  const turns = await health.watch('turns', calls.turns(call.id));
  const question = questionAbout(config, turns, variablesOf(call, config));
  const { llm } = await providers.forAssistant(forJudging(config), call.projectId);
  const retry = { attemptsMax: ASKED_MAX, backoffMs: ASK_AGAIN_MS };
  return withRetry(clock, retry, () => ask(llm, question, signal), signal);
}

/**
 * The same models, with room for the answer, without chance, and with more patience than a caller has. Nobody hears or speaks:
 * what a recogniser or a voice lacks does not matter, nor what speaks itself.
 */
function forJudging(config: AssistantConfig): AssistantConfig {
  const { llm, fallback, budgets, limits } = config;
  return {
    ...config,
    stt: recogniserSchema.parse({}),
    tts: voiceSchema.parse({}),
    realtime: undefined,
    llm: judging(llm),
    fallback: { stt: [], tts: [], llm: fallback.llm.map(judging) },
    budgets: { ...budgets, llmMs: PATIENCE_MS },
    limits: { ...limits, providerMs: PATIENCE_MS },
  };
}

function judging(model: ModelConfig): ModelConfig {
  return { ...model, temperature: 0, maxOutputTokens: Math.max(model.maxOutputTokens, OUTPUT_TOKENS_MIN) };
}

async function finish(dependencies: AnalysesDependencies, { id }: WhichCall, analysis: CallAnalysis): Promise<void> {
  const { calls, health, clock, telemetry, scope } = dependencies;
  const event = { type: 'call.analysed', atMs: clock.wallMs(), data: toldOf(analysis) };
  const retry = { attemptsMax: WRITES_MAX, backoffMs: WRITE_AGAIN_MS };
  const write = () => health.watch('analysed', calls.analysed(id, analysis, event));
  const written = await withRetry(clock, retry, write, scope.signal);
  const outcome = analysis.state === 'failed' ? analysis.error : analysis.state;
  if (written) telemetry.count('rapida_analyses_total', { outcome });
}

function toldOf(analysis: CallAnalysis): JsonObject {
  if (analysis.state === 'failed') return { error: analysis.error };
  if (analysis.state === 'pending') return {};
  const { summary, extraction, success } = analysis;
  return { summary, extraction, success: success && { ...success } };
}
