import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { UseCases } from '@rapida/calls';
import type { Clock, Logger, Telemetry } from '@rapida/core';
import Fastify, { type FastifyInstance } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type Admit, createAdmit, guardRoutes } from './access.js';
import type { ApiInstance } from './api-instance.js';
import { type BrowserUpgrade, createBrowserUpgrade } from './browser/browser-upgrade.js';
import { listenRoute } from './browser/listen.js';
import { type OpenBrowserMedia, testCallRoute } from './browser/test-call.js';
import { createSendError, notFound, type SendError } from './error-reply.js';
import { answerClientError, createHttpServer, type TlsFiles } from './http-server.js';
import { API_LIMITS, type ApiLimits } from './limits.js';
import { createMediaUpgrade, type MediaUpgrade, type OpenMedia } from './media-upgrade.js';
import { observeRequests } from './observe.js';
import { documentRoutes, publicErrors } from './openapi.js';
import { withoutPrefix } from './path-prefix.js';
import { addApiKeyRoutes } from './routes/api-keys.js';
import { addAssistantRoutes } from './routes/assistants.js';
import { addCallRoutes } from './routes/calls.js';
import { addCallStreamRoute } from './routes/calls-stream.js';
import { addCredentialRoutes } from './routes/credentials.js';
import { addDashboardRoute, type DashboardFiles } from './routes/dashboard.js';
import { addDialplanRoutes, type DialplanWriter } from './routes/dialplan.js';
import { addEventRoutes } from './routes/event.js';
import { addHealthRoutes } from './routes/health.js';
import { addNextRoute } from './routes/next.js';
import { addNodeRoutes } from './routes/nodes.js';
import { addOverviewRoute } from './routes/overview.js';
import { addPasswordRoutes } from './routes/password.js';
import { addPhoneCallRoutes } from './routes/phone-calls.js';
import { addRecordingRoute, addWaveformRoute } from './routes/recording.js';
import { addRegisterCallRoutes } from './routes/register-call.js';
import { addResumeRoute } from './routes/resume.js';
import { addSessionRoutes } from './routes/session.js';
import { addTestCallRoute } from './routes/test-calls.js';
import { addWebhookRoutes } from './routes/webhooks.js';
import { talkErrorBody } from './talk-error.js';

export interface ApiDependencies {
  readonly useCases: UseCases;
  /** Makes a transport of an accepted media WebSocket. */
  readonly openMedia: OpenMedia;
  /** Makes a transport of a connection with a browser. */
  readonly openBrowserMedia: OpenBrowserMedia;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** A new one per request, for the log and the header `x-request-id`. */
  readonly requestId: () => string;
  /** The body of `/metrics`. */
  readonly metricsText: () => Promise<string>;
  readonly limits?: Partial<ApiLimits>;
  /** Without it: plain http and ws. */
  readonly tls?: TlsFiles | undefined;
  /** Requests under it, e.g. `/rapida`, are answered as those without it. Default: none. */
  readonly pathPrefix?: string | undefined;
  readonly dialplan: DialplanWriter;
  /** The pages of the dashboard, empty where none were built. Default: nothing is said of a dashboard. */
  readonly dashboard?: DashboardFiles | undefined;
  /** Addresses and networks of proxies that are believed when they say whose request they pass on. Default: none. */
  readonly trustedProxies?: readonly string[] | undefined;
}

export interface Api {
  /** For requests without a socket (`inject`) and for further routes, before `listen`. */
  readonly fastify: FastifyInstance;
  /** Resolves with what was bound (`port` 0 picks a free one); rejects with the error of Node, e.g. EADDRINUSE. */
  listen(address: { readonly host: string; readonly port: number }): Promise<AddressInfo>;
  /** Instead of listening: from then on it takes what `accept` is given. */
  ready(): Promise<void>;
  /** Takes a connection that somebody else has accepted. */
  accept(socket: Socket): void;
  /** Takes nothing new, hangs media up, waits `closeMsMax` for requests in progress, then cuts. Calling it twice is safe. */
  close(): Promise<void>;
}

/** The HTTP face: REST, webhook, media WebSocket, health, metrics and their description, on one port. */
export function createApi(dependencies: ApiDependencies): Api {
  const limits = { ...API_LIMITS, ...dependencies.limits };
  const { clock, useCases, pathPrefix = '' } = dependencies;
  const admit = createAdmit({ ...useCases, clock, answerMs: answerMsOf(dependencies, limits) });
  const sendError = createSendError(dependencies.logger);
  const media = createMediaUpgrade({ ...dependencies, limits });
  const routes = [testCallRoute(dependencies), listenRoute(useCases.listening)];
  const browsers = createBrowserUpgrade({ ...dependencies, admit, routes });
  const servers = new Set<Server>();
  const accepted = new Set<Socket>();
  let takesAccepted = false;
  const fastify = createFastify({ ...dependencies, limits, sendError, media, browsers, servers, admit, pathPrefix });
  addRoutes(fastify, { ...dependencies, limits, sendError, admit, pathPrefix });
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    const cut = clock.setTimer(limits.closeMsMax, () => {
      for (const server of servers) server.closeAllConnections();
      for (const socket of accepted) socket.destroy();
    });
    await Promise.all([media.stop(), browsers.stop(), fastify.close(), ...endAccepted()]);
    cut.cancel();
  }

  /** A server that does not listen itself does not wait for its connections either. */
  function endAccepted(): Promise<unknown>[] {
    if (takesAccepted) for (const server of servers) server.close();
    return [...accepted].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  }

  return {
    fastify,
    async ready() {
      await fastify.ready();
      takesAccepted = true;
      // What Node begins with it: to look for clients that send their request too slowly.
      for (const server of servers) server.emit('listening');
    },
    accept(socket) {
      // As Node has it with what it accepts itself.
      socket.allowHalfOpen = true;
      socket.setNoDelay(true);
      accepted.add(socket);
      socket.once('close', () => accepted.delete(socket));
      fastify.server.emit('connection', socket);
    },
    async listen({ host, port }) {
      await fastify.listen({ host, port });
      return fastify.server.address() as AddressInfo;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

type Parts = ApiDependencies & {
  readonly limits: ApiLimits;
  readonly sendError: SendError;
  readonly admit: Admit;
  readonly pathPrefix: string;
};

function createFastify({
  limits,
  sendError,
  media,
  browsers,
  servers,
  tls,
  admit,
  pathPrefix,
  trustedProxies,
  ...dependencies
}: Parts & { readonly media: MediaUpgrade; readonly browsers: BrowserUpgrade; readonly servers: Set<Server> }) {
  const fastify = Fastify({
    // Requests are logged by `observeRequests`: the framework's line has the query in it, and that the key.
    logger: false,
    trustProxy: trustedProxies === undefined ? false : [...trustedProxies],
    rewriteUrl: ({ url = '/' }) => withoutPrefix(url, pathPrefix),
    bodyLimit: limits.bodyBytesMax,
    genReqId: () => dependencies.requestId(),
    // A request that is still coming in while closing gets its answer.
    return503OnClosing: false,
    routerOptions: { maxParamLength: limits.targetCharsMax },
    frameworkErrors: (error, request, reply) => void sendError(error, request as never, reply as never),
    clientErrorHandler: answerClientError,
    serverFactory(handler) {
      const server = createHttpServer(handler, limits, tls);
      server.on('upgrade', (request, socket, head) => {
        request.url = withoutPrefix(request.url ?? '/', pathPrefix);
        if (!browsers.handle(request, socket, head)) media.handle(request, socket, head);
      });
      servers.add(server);
      return server;
    },
  });
  readJson(fastify);
  fastify.setValidatorCompiler(validatorCompiler);
  // Answers are built from typed parts; checking them again would only turn an old record into an error.
  fastify.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  fastify.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply));
  fastify.setNotFoundHandler(notFound);
  observeRequests(fastify, { ...dependencies, targetCharsMax: limits.targetCharsMax });
  guardRoutes(fastify, admit);
  documentRoutes(fastify);
  return fastify;
}

/** Many clients name JSON as the type of every request, also of those without a body. */
function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, String(body), done),
  );
}

function addRoutes(
  fastify: FastifyInstance,
  { useCases, limits, sendError, clock, logger, telemetry, admit, pathPrefix, dashboard, ...parts }: Parts,
): void {
  const { metricsText, dialplan } = parts;
  const { answerMsMax, bulkBodyBytesMax, eventBytesMax } = limits;
  const answerMs = answerMsOf({ useCases }, limits);
  fastify.register(async (scope) => {
    const { registerInbound, noteKeyRefused, media } = useCases;
    addRegisterCallRoutes(scope.withTypeProvider<ZodTypeProvider>(), {
      ...{ registerInbound, noteKeyRefused, media, clock, telemetry, answerMs, sendError },
    });
  });
  fastify.register(async (scope) => {
    const { media } = useCases;
    addEventRoutes(scope.withTypeProvider<ZodTypeProvider>(), { media, clock, answerMsMax, eventBytesMax });
  });
  fastify.register(async (scope) => {
    const { outbound } = useCases;
    addPhoneCallRoutes(scope.withTypeProvider<ZodTypeProvider>(), {
      ...{ outbound, bulkBodyBytesMax, sendError: createSendError(logger, talkErrorBody) },
    });
  });
  fastify.register(async (scope) => {
    const api = scope.withTypeProvider<ZodTypeProvider>();
    addNextRoute(api, { media: useCases.media, clock, answerMsMax });
    addResumeRoute(api, { media: useCases.media, clock, answerMsMax });
    addCallRoutes(api, useCases.calls);
    const { streamBeatMs: beatMs } = limits;
    addCallStreamRoute(api, { ...useCases, admit, clock, logger, telemetry, beatMs });
    addRecordingRoute(api, useCases.calls);
    addWaveformRoute(api, useCases.calls);
    addAssistantRoutes(api, useCases.assistants);
    addTestCallRoute(api, useCases.testCalls);
    addCredentialRoutes(api, useCases.credentials);
    addWebhookRoutes(api, useCases.webhooks);
    addApiKeyRoutes(api, useCases.keys);
    addSessionRoutes(api, { ...useCases, clock, answerMsMax, pathPrefix });
    addPasswordRoutes(api, useCases.signIn);
    addNodeRoutes(api, useCases.nodes);
    addOverviewRoute(api, useCases.overview, clock);
    addHealthRoutes(api, useCases.health, metricsText);
    addDialplanRoutes(api, useCases.assistants, dialplan);
    addDescriptionRoute(api);
    if (dashboard !== undefined) addDashboardRoute(api, { files: dashboard, pathPrefix });
  });
}

/** A caller waits for it, and may be taken by another node: of a store that is known to fail little is expected. */
function answerMsOf({ useCases }: Pick<ApiDependencies, 'useCases'>, limits: ApiLimits): () => number {
  return () => (useCases.health.storeFails ? limits.failingAnswerMsMax : limits.answerMsMax);
}

function addDescriptionRoute(api: ApiInstance): void {
  api.get(
    '/openapi.json',
    {
      config: { access: 'public' },
      schema: {
        tags: ['health'],
        summary: 'This description',
        operationId: 'openapi',
        response: { 200: z.record(z.string(), z.unknown()), ...publicErrors() },
      },
    },
    async () => api.swagger() as never,
  );
}
