import type { ErrorCode, Secret } from '@rapida/core';
import type { CommonParts } from '../vendor.js';
import { reachOf } from '../wire/reach.js';
import { createVendorHttp, VENDOR_TIMEOUTS, type VendorHttp } from '../wire/vendor-http.js';

interface KeyedParts extends CommonParts {
  readonly credential: { readonly apiKey?: Secret | undefined; readonly baseUrl?: string | undefined };
}

interface KeyedServer {
  /** The vendor's own address. */
  readonly standard: string;
  /** What the assistant wants instead. */
  readonly wanted: string | undefined;
  /** What the head of every request says; a bearer token without it. No key where the address is not the credential's. */
  readonly headers?: (key: string | undefined) => Readonly<Record<string, string>>;
  readonly codeOf?: (status: number, answer: string) => ErrorCode | undefined;
}

/** The server of a vendor whose credential is a key, perhaps with an address. */
export function keyedServer(parts: KeyedParts, { standard, wanted, headers, codeOf }: KeyedServer): VendorHttp {
  const { clock, logger, credential, timeouts } = parts;
  const reach = reachOf(credential, standard, wanted);
  return createVendorHttp({
    ...{ clock, logger, ...reach },
    ...(codeOf !== undefined && { codeOf }),
    ...(headers !== undefined && {
      authorise: (head) => {
        for (const [name, value] of Object.entries(headers(reach.apiKey?.reveal()))) head.set(name, value);
      },
    }),
    fetch: parts.fetch ?? fetch,
    timeouts: { ...VENDOR_TIMEOUTS, ...timeouts },
  });
}

const MODELS_BYTES_MAX = 4 * 1_024 * 1_024;

/** Asks for `path`, a list that costs nothing, and reads no more of it than its head. */
export async function ask(server: VendorHttp, path: string, signal: AbortSignal): Promise<void> {
  const answer = await server.get(path, signal, MODELS_BYTES_MAX);
  await answer.body?.cancel();
}
