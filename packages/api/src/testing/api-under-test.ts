import type { UseCases } from '@rapida/calls';
import type { Labels, Logger, MediaClosed, MediaTransport, MetricName, Telemetry } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import type { OpenBrowserMedia } from '../browser/test-call.js';
import { type Api, type ApiDependencies, createApi } from '../create-api.js';
import type { OpenMedia, StartedMedia } from '../media-upgrade.js';

export interface ApiUnderTest extends Api {
  readonly clock: VirtualClock;
  /** Every line, as it would be written. */
  readonly logLines: string[];
  /** `name{label=value}` of every count, in order. */
  readonly counts: string[];
}

/** The whole API over the given use-cases, with nothing else real but its sockets. */
export function createApiUnderTest(useCases: UseCases, options: Partial<ApiDependencies> = {}): ApiUnderTest {
  const clock = new VirtualClock();
  const logLines: string[] = [];
  const counts: string[] = [];
  let requests = 0;
  const api = createApi({
    useCases,
    clock,
    logger: recordingLogger(logLines),
    telemetry: recordingTelemetry(counts),
    requestId: () => `request-${++requests}`,
    metricsText: async () => '# HELP nothing\n',
    writeDialplan: () => ({ files: [], notes: [] }),
    openMedia: openFakeMedia,
    openBrowserMedia: openFakeBrowserMedia,
    ...options,
  });
  return { ...api, clock, logLines, counts };
}

function recordingLogger(lines: string[], bound: object = {}): Logger {
  const at = (level: string) => (fields: object, message: string) => {
    const plain = (_name: string, value: unknown) =>
      value instanceof Error ? { text: value.message, stack: value.stack, cause: value.cause } : value;
    lines.push(JSON.stringify({ level, ...bound, ...fields, message }, plain));
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => recordingLogger(lines, { ...bound, ...fields }),
  };
}

function recordingTelemetry(counts: string[]): Telemetry {
  const text = (labels: Labels = {}) =>
    Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
  return {
    count: (name: MetricName, labels) => void counts.push(`${name}{${text(labels)}}`),
    gauge() {},
    observe() {},
  };
}

/** A transport that does nothing but begin and end with its connection. */
const openFakeMedia: OpenMedia = (connection) => {
  let resolve: (started: StartedMedia) => void = () => {};
  const ready = new Promise<StartedMedia>((settle) => {
    resolve = settle;
  });
  const ignore = () => {};
  return {
    ready,
    listener: {
      onStart(start, { name, rateHz }) {
        const closed = connection.closed.then(({ reason }) => ({ by: 'caller', reason }) as const);
        const transport: MediaTransport = {
          kind: 'websocket',
          pacing: 'peer',
          wire: { format: name, rateHz },
          start() {},
          encode: () => [],
          silence: new Uint8Array(0),
          send: () => true,
          clear() {},
          mark: () => false,
          hangup: () => connection.hangup(),
          closed,
          counters: () => ({ framesIn: 0, framesOut: 0, framesDropped: 0, badInput: {} }),
        };
        resolve({ ok: true, transport, start });
      },
      onClosed: ({ reason }) => resolve({ ok: false, closed: { by: 'fault', reason } }),
      onMedia: ignore,
      onDtmf: ignore,
      onMark: ignore,
      onBufferingCompleted: ignore,
      onXoff: ignore,
      onXon: ignore,
      onDrained: ignore,
      onStatus: ignore,
      onPeerError: ignore,
    },
  };
};

/** A transport that says what it hears: one byte more, and texts as they are. Ends with the link, or with the text `over`. */
const openFakeBrowserMedia: OpenBrowserMedia = (link, speak) => {
  const over = new Promise<MediaClosed>((resolve) => {
    link.closed.then(() => resolve({ by: 'caller', reason: 'caller_hangup' }));
    link.listen({
      onBinary: (bytes) => void link.sendBinary(Uint8Array.from(bytes, (byte) => byte + 1)),
      onText: (text) =>
        text === 'over'
          ? resolve({ by: 'assistant', reason: 'hangup' })
          : link.sendText(JSON.stringify({ heard: text, typing: speak !== undefined })),
    });
  });
  return {
    kind: 'browser',
    pacing: 'local',
    wire: { format: 'slin16', rateHz: 16_000 },
    start() {},
    encode: () => [],
    silence: new Uint8Array(0),
    send: () => true,
    clear() {},
    mark: () => false,
    hangup() {},
    closed: over,
    counters: () => ({ framesIn: 0, framesOut: 0, framesDropped: 0, badInput: {} }),
  };
};
