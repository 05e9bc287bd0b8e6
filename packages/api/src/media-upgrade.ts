import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UseCases } from '@rapida/calls';
import {
  contextIdFrom,
  createMediaUpgrader,
  type DecideUpgrade,
  type MediaConnection,
  type MediaConnectionListener,
  type MediaStartEvent,
  type UpgradeOutcome,
} from '@rapida/chan-websocket';
import {
  type CallContext,
  type Clock,
  ERRORS,
  type ErrorCode,
  KEY_SCOPES,
  type Logger,
  type MediaClosed,
  type MediaTransport,
  RapidaError,
  type Telemetry,
} from '@rapida/core';
import { keyIn } from './access.js';
import { errorBody, HTTP_STATUS, toRapidaError } from './error-mapping.js';
import { inTime } from './in-time.js';
import type { ApiLimits } from './limits.js';

export type StartedMedia =
  | { readonly ok: true; readonly transport: MediaTransport; readonly start: Pick<MediaStartEvent, 'channelVariables'> }
  | { readonly ok: false; readonly closed: MediaClosed };

/** Takes a fresh connection over. `ready` resolves once, with `MEDIA_START` or the end before it, and never rejects. */
export type OpenMedia = (connection: MediaConnection) => {
  readonly listener: MediaConnectionListener;
  readonly ready: Promise<StartedMedia>;
};

export interface MediaUpgradeDependencies {
  readonly useCases: Pick<UseCases, 'media' | 'keys'>;
  readonly openMedia: OpenMedia;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly requestId: () => string;
  readonly limits: ApiLimits;
}

export interface MediaUpgrade {
  /** For the `upgrade` event of a server. Answers always and once, whatever it is given. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Refuses new ones, hangs all up; resolves when the last connection is closed. Calling it twice is safe. */
  stop(): Promise<void>;
}

/** Variables of the caller's channel that name the context; how many underscores are left depends on inheritance. */
const CONTEXT_VARIABLES = ['RAPIDA_CONTEXT_ID', '_RAPIDA_CONTEXT_ID', '__RAPIDA_CONTEXT_ID'];

/** Phase 2 over WebSocket: from the request for an upgrade to a leg that is handed to its call, or to its failure on record. */
export function createMediaUpgrade(dependencies: MediaUpgradeDependencies): MediaUpgrade {
  const { clock, limits, requestId } = dependencies;
  const upgrader = createMediaUpgrader({ clock, limits: limits.upgrade });
  /** From the request to the handing over; bounded by the upgrader's connections. */
  const underWay = new Set<Promise<void>>();
  let isStopping = false;

  return {
    handle(request, socket, head) {
      if (isStopping) {
        noteRefusal(dependencies, 'draining', {});
        return upgrader.refuse(socket, HTTP_STATUS.draining, errorBody(new RapidaError('draining'), ''));
      }
      const accept: Accept = (decide) => upgrader.accept(request, socket, head, decide);
      const handling = upgrade(dependencies, request, requestId(), accept).finally(() => underWay.delete(handling));
      underWay.add(handling);
    },
    async stop() {
      isStopping = true;
      await upgrader.stop();
      await Promise.all(underWay);
    },
  };
}

type Accept = (decide: DecideUpgrade) => Promise<UpgradeOutcome>;
interface Progress {
  claiming?: Promise<CallContext>;
  opened?: ReturnType<OpenMedia>;
}

/** Never rejects: each wait in it ends in an outcome. */
async function upgrade(
  dependencies: MediaUpgradeDependencies,
  request: IncomingMessage,
  requestId: string,
  accept: Accept,
): Promise<void> {
  const { clock, limits, useCases, openMedia } = dependencies;
  const progress: Progress = {};
  const outcome = await accept(async (_request, signal) => {
    try {
      progress.claiming = claim(dependencies, request, signal);
      await inTime(clock, limits.upgradeMsMax, progress.claiming);
    } catch (thrown) {
      const error = toRapidaError(thrown);
      noteRefusal(dependencies, error.code, { requestId, err: error.cause ?? error });
      return { refuse: { status: HTTP_STATUS[error.code], body: errorBody(error, requestId) } };
    }
    return {
      accept(connection) {
        progress.opened = openMedia(connection);
        return progress.opened.listener;
      },
    };
  });
  if (outcome.ok && progress.claiming !== undefined && progress.opened !== undefined) {
    return handOver(dependencies, await progress.claiming, await progress.opened.ready);
  }
  if (!outcome.ok && outcome.code !== 'refused') {
    noteRefusal(dependencies, CODE_OF_OUTCOME[outcome.code], { requestId, outcome: outcome.code, err: outcome.cause });
  }
  // A claim is for good: the call must not wait for media that cannot come any more. It may still be under way.
  progress.claiming?.then(
    (context) => useCases.media.abandon(context, 'media_start_missing', 'the upgrade was not completed'),
    () => {},
  );
}

const CODE_OF_OUTCOME: Readonly<Record<Exclude<FailedUpgrade['code'], 'refused'>, ErrorCode>> = {
  too_many_connections: 'too_many_connections',
  stopping: 'draining',
  answer_timeout: 'store_failed',
  decision_failed: 'internal',
  bad_handshake: 'invalid_request',
  peer_gone: 'media_start_missing',
};
type FailedUpgrade = Extract<UpgradeOutcome, { ok: false }>;

async function claim(
  { useCases }: MediaUpgradeDependencies,
  request: IncomingMessage,
  signal: AbortSignal,
): Promise<CallContext> {
  const target = contextIdFrom(request.url ?? '');
  if (!target.ok && target.code === 'path_unknown') throw new RapidaError('not_found');
  const [, search = ''] = (request.url ?? '').split('?', 2);
  const key = keyIn(request.headers, Object.fromEntries(new URLSearchParams(search)));
  // The context id is the secret, so none is needed; but a wrong one tells of a mistake in the dialplan.
  if (key !== undefined) await useCases.keys.authenticate(key, KEY_SCOPES);
  if (signal.aborted) throw new RapidaError('store_failed');
  const remoteAddress = request.socket.remoteAddress ?? 'unknown';
  const claimed = await useCases.media.claim(target.ok ? target.contextId : '', 'websocket', remoteAddress);
  if (!claimed.ok) throw new RapidaError(claimed.code);
  return claimed.context;
}

async function handOver(
  dependencies: MediaUpgradeDependencies,
  context: CallContext,
  started: StartedMedia,
): Promise<void> {
  const { media } = dependencies.useCases;
  if (!started.ok) {
    const { reason } = started.closed;
    const code = FORMAT_REASONS.has(reason) ? 'media_format_unknown' : 'media_start_missing';
    return fail(dependencies, context, code, reason);
  }
  const { transport, start } = started;
  const named = CONTEXT_VARIABLES.map((name) => start.channelVariables.get(name) ?? '').filter((id) => id !== '');
  if (named.some((id) => id.toLowerCase() !== context.contextId)) {
    transport.hangup();
    return fail(dependencies, context, 'context_mismatch', 'a channel variable names another context');
  }
  // Lasts as long as the call, which has an owner.
  media.attach(context, transport).catch((err) => {
    dependencies.logger.error({ err, callId: context.callId }, 'attaching media failed');
    transport.hangup();
  });
}

/** What a connection says that closed for the format in its MEDIA_START. */
const FORMAT_REASONS: ReadonlySet<string> = new Set(['format_unsupported', 'passthrough_unsupported']);

async function fail(
  { telemetry, useCases }: MediaUpgradeDependencies,
  context: CallContext,
  code: ErrorCode,
  detail: string,
): Promise<void> {
  telemetry.count('rapida_media_refused_total', { transport: 'websocket', code });
  await useCases.media.abandon(context, code, detail);
}

/** Refusals of contexts are logged and counted where they are claimed. */
function noteRefusal({ telemetry, logger }: MediaUpgradeDependencies, code: ErrorCode, fields: object): void {
  if (code.startsWith('context_')) return;
  telemetry.count('rapida_media_refused_total', { transport: 'websocket', code });
  const level = ERRORS[code].fault === 'us' ? 'error' : 'warn';
  logger[level]({ ...fields, code, transport: 'websocket' }, 'a media connection was refused');
}
