import { createServer } from 'node:http';
import { createAudioSocketServer } from '@rapida/audiosocket';
import { createMediaUpgrader } from '@rapida/chan-websocket';
import { createConversation } from '@rapida/conversation';
import {
  assistantConfigSchema,
  systemClock as clock,
  createScope,
  type MediaTransport,
  type Playout,
  silentLogger,
  silentTelemetry,
} from '@rapida/core';
import {
  createAudioSocketTransport,
  createPlayout,
  createTicker,
  type MediaPlayout,
  openWebSocketTransport,
} from '@rapida/media';
import { answerParent, planOfParent } from '../child-side.js';
import { listenForParent } from './listen.js';
import { createStubEngines, type StubPlan } from './stub-engines.js';

export interface CallsPlan extends StubPlan {
  readonly transport: 'audiosocket' | 'websocket';
  readonly endpointingMs: number;
  readonly interruptAfterMs: number;
}

/** Full calls: transport, playout and conversation, with stub engines. */
const plan = planOfParent<CallsPlan>();
const onError = (error: unknown): never => {
  throw error;
};
const telemetry = silentTelemetry;
const ticker = createTicker(clock, { telemetry, onError });
const scope = createScope('bench', { clock, onError });
const config = assistantConfigSchema.parse({
  name: 'Bench',
  greeting: '',
  silence: { promptAfterMs: 120_000 },
  turn: {
    endpointingMs: plan.endpointingMs,
    endpointingCompleteMs: plan.endpointingMs,
    interruptAfterMs: plan.interruptAfterMs,
  },
});

function hold(transport: MediaTransport): void {
  const callScope = scope.child('call');
  const open: { playout?: MediaPlayout } = {};
  const conversation = createConversation({
    clock,
    logger: silentLogger,
    telemetry,
    scope: callScope,
    config,
    providers: createStubEngines(clock, plan),
    greeting: undefined,
    transferTargets: [],
    handOver: async () => ({ ok: false, reason: 'transfer_not_allowed' }),
    variables: {},
    lineRateHz: 8000,
    createPlayout: (listener): Playout => {
      open.playout = createPlayout({ transport, ticker, clock, listener, telemetry });
      return open.playout;
    },
    onTurn() {},
  });
  transport.start({
    onFrame: (frame) => conversation.onFrame(frame),
    onDtmf: (digit) => conversation.onDtmf(digit),
    onMark: (id) => open.playout?.onMark(id),
    onFlow: (flow) => open.playout?.onFlow(flow),
  });
  conversation.start();
  void transport.closed.then(() => callScope.close('caller_hangup'));
}

if (plan.transport === 'audiosocket') {
  const server = createAudioSocketServer({
    clock,
    onConnection: (connection) => hold(createAudioSocketTransport(connection, { clock })),
  });
  answerParent(await server.listen({ host: '127.0.0.1', port: 0 }));
} else {
  const upgrader = createMediaUpgrader({ clock });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => {
    void upgrader.accept(request, socket, head, () => ({
      accept(connection) {
        const { listener, ready } = openWebSocketTransport(connection, { clock });
        void ready.then((started) => started.ok && hold(started.transport));
        return listener;
      },
    }));
  });
  await listenForParent(server);
}
