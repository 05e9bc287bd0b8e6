import {
  type CallPlaces,
  type Clock,
  type Logger,
  type LostNode,
  NODE_RENEW_MS,
  type NodeEntry,
  type NodeRegistry,
  type NodeState,
  type Scope,
  type Telemetry,
  type Timer,
} from '@rapida/core';
import type { Admission } from './admission.js';
import type { Analyses } from './after-call/analyses.js';
import type { LiveCalls } from './live-calls.js';
import { type RecoverDependencies, recover } from './recover.js';
import type { NodeUseCases } from './use-cases.js';

/** What does not change, and what only the process knows. */
export interface NodeFacts {
  readonly host: string;
  readonly version: string;
  /** Since it was last asked, 99th percentile. */
  loopDelayMs(): number;
  /** Sent more than a frame time after they were due, since the process began. */
  lateFrames(): number;
}

export interface NodeDependencies extends RecoverDependencies {
  readonly nodes: NodeRegistry;
  readonly places: Pick<CallPlaces, 'dropOf'>;
  readonly nodeFacts: NodeFacts;
  readonly live: Pick<LiveCalls, 'count'>;
  readonly admission: Pick<Admission, 'draining'>;
  readonly analyses: Pick<Analyses, 'takeOver'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  /** Closing it ends the renewing; when its calls have ended the node leaves. */
  readonly scope: Scope;
}

/** This node among the others: it says that it is there, and closes the calls of those that are not any more. */
export interface Node {
  readonly useCases: NodeUseCases;
  /** Before anything of the database is read as this node's. Fails where that is another one's. */
  join(): Promise<void>;
  /** Renews, and looks after the others, from now on. */
  start(): void;
}

export function createNode(dependencies: NodeDependencies): Node {
  const { nodes, nodeFacts, live, admission, clock, scope, telemetry, health } = dependencies;
  const startedAtMs = clock.wallMs();
  let timer: Timer | undefined;

  function state(): NodeState {
    const { host, version } = nodeFacts;
    const { draining } = admission;
    const [loopDelayMs, lateFrames] = [nodeFacts.loopDelayMs(), nodeFacts.lateFrames()];
    return { host, version, startedAtMs, calls: live.count, draining, loopDelayMs, lateFrames };
  }

  function schedule(): void {
    if (!scope.closed) timer = clock.setTimer(NODE_RENEW_MS, () => void turn().then(schedule));
  }

  async function turn(): Promise<void> {
    telemetry.gauge('rapida_node_draining', admission.draining ? 1 : 0);
    try {
      await health.watch('node_renew', nodes.renew(state()));
      gauge(telemetry, await health.watch('nodes', nodes.list()));
      for (const lost of await health.watch('nodes_lost', nodes.takeLost())) await clear(dependencies, lost);
    } catch {
      // It was logged and counted. The next time is soon; a node that was not cleared away is taken again by somebody.
    }
  }

  return {
    useCases: {
      async list() {
        const all = await health.watch('nodes', nodes.list());
        return [...all].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
      },
    },
    async join() {
      await nodes.join(state());
      scope.onClose(() => nodes.leave());
    },
    start() {
      scope.onClose(() => timer?.cancel());
      schedule();
    },
  };
}

function gauge(telemetry: Telemetry, all: readonly NodeEntry[]): void {
  const lost = all.filter((node) => node.lost).length;
  const draining = all.filter((node) => !node.lost && node.draining).length;
  telemetry.gauge('rapida_nodes', lost, { state: 'lost' });
  telemetry.gauge('rapida_nodes', draining, { state: 'draining' });
  telemetry.gauge('rapida_nodes', all.length - lost - draining, { state: 'up' });
}

async function clear(dependencies: NodeDependencies, lost: LostNode): Promise<void> {
  const { nodes, places, health, logger, telemetry, analyses } = dependencies;
  logger.warn({ nodeId: lost.nodeId }, 'a node is gone: its calls are closed');
  await recover(dependencies, lost);
  await health.watch('places_drop', places.dropOf(lost.nodeId));
  await analyses.takeOver(lost.nodeId);
  await health.watch('node_forget', nodes.forget(lost));
  telemetry.count('rapida_nodes_lost_total');
}
