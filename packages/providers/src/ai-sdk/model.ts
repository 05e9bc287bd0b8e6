import {
  type JsonObject,
  type LanguageModel,
  type LanguageModelEvent,
  type LanguageModelRequest,
  linkedAbort,
  type RapidaError,
} from '@rapida/core';
import type { VendorHttp } from '../wire/vendor-http.js';
import { translated } from './errors.js';
import type { OrderRules } from './order.js';
import { AnswerReader } from './reader.js';
import { type SdkModel, type SdkOptions, streamOf } from './stream.js';

/** One answer: many times the longest `maxOutputTokens`, each token an event of some 200 bytes. */
const ANSWER_BYTES_MAX = 8 * 1_024 * 1_024;

/** A vendor of language models, as the AI SDK reaches it and as its models want to be asked. */
export interface SdkVendor {
  readonly provider: string;
  readonly server: VendorHttp;
  readonly sampling: {
    /** Undefined where the model refuses one. */
    readonly temperature: number | undefined;
    readonly maxOutputTokens: number;
  };
  /** The SDK's packages are large imports: they are loaded when the first model is made. */
  readonly load: (connection: SdkConnection) => Promise<SdkModel>;
  /** Without it messages go as they are. */
  readonly order?: OrderRules;
  /** What the vendor takes of a tool's JSON Schema; as it is without it. */
  readonly schema?: (parameters: JsonObject) => JsonObject;
  /** Tools are not held to their schema to the letter: false where the vendor does so unless it is told. */
  readonly strictTools?: false;
  /** The vendor's own options, by the name that the SDK has for it. */
  readonly options?: SdkOptions;
  /** The same for the instructions: marks for caches. */
  readonly instructionOptions?: SdkOptions;
  readonly accept?: string;
  /** Where requests go below the server's address; where the SDK has it without it. */
  readonly path?: string;
  /** What the SDK does not tell in its errors, found in the vendor's own events. */
  readonly failureIn?: (event: unknown) => RapidaError | undefined;
  /** Whether an error of the SDK only says that it does not know an event: vendors add some. */
  readonly isUnknownEvent?: (error: unknown) => boolean;
  /** An error that is the vendor's although it looks like one of ours. */
  readonly translate?: (error: unknown) => RapidaError | undefined;
}

/**
 * What the SDK is given: key, timeouts, limits and failures are the server's, the SDK sees neither the key nor the network. The key that
 * it insists on is none.
 */
export interface SdkConnection {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
}

const NO_KEY = 'none';

/** Answers by a stream of the AI SDK: one attempt. Reasoning is not said and not yielded. */
export function createSdkModel(vendor: SdkVendor): LanguageModel {
  // While the call is being set up: its first answer must not wait for them. A failure shows when it is asked.
  Promise.all([import('ai'), vendor.load(connectionTo(vendor, new AbortController().signal))]).catch(() => {});
  return { provider: vendor.provider, generate: (request, signal) => generate(vendor, request, signal) };
}

async function* generate(
  vendor: SdkVendor,
  request: LanguageModelRequest,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelEvent, void, undefined> {
  if (signal.aborted) return;
  const { controller, unlink } = linkedAbort(signal);
  try {
    const model = await vendor.load(connectionTo(vendor, controller.signal));
    const reader = new AnswerReader(vendor);
    for await (const part of await streamOf(vendor, model, request, controller.signal)) {
      if (signal.aborted) return;
      const event = reader.read(part);
      if (event !== undefined) yield event;
    }
  } catch (error) {
    if (!signal.aborted) throw vendor.translate?.(error) ?? translated(error, vendor.server.apiKey);
  } finally {
    unlink();
    controller.abort(new DOMException('over', 'AbortError'));
  }
}

function connectionTo(vendor: SdkVendor, signal: AbortSignal): SdkConnection {
  const { server, accept = 'text/event-stream' } = vendor;
  return {
    baseURL: server.baseUrl,
    apiKey: NO_KEY,
    fetch: (url, init) => {
      const path = vendor.path ?? String(url).slice(server.baseUrl.length);
      return server.post(path, { type: 'json', json: String(init?.body), accept }, signal, ANSWER_BYTES_MAX);
    },
  };
}
