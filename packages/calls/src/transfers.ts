import type {
  CallEvent,
  CallStore,
  Clock,
  EntityId,
  JsonObject,
  Logger,
  NodeCommands,
  Scope,
  Timer,
  TransferFailure,
} from '@rapida/core';
import { createJournal, type JournalDependencies } from './journal.js';
import type { AsteriskLink } from './outbound/asterisk-link.js';
import { createTransferWatch, type TransferWatch } from './outbound/transfer-watch.js';
import { JOURNAL_DRAIN_MS } from './record-ending.js';

/** From the order until the dialplan must have asked where to go: its media ends within seconds, and then it asks. */
export const TAKEN_MS_MAX = 15_000;

/** How long the node that offers a transfer may take to say that it has heard. */
const TELL_MS_MAX = 1_000;

/** What became of callers who were handed over: told once, whoever sees it first, in the order in which it happened. */
export interface Transfers {
  /** The dialplan may ask from now on; when it does not in time, the transfer has failed. */
  offered(callId: EntityId, target: string, watch: TransferWatch | undefined): void;
  /** The dialplan has asked, and was told the target. As often as it likes. */
  taken(callId: EntityId, target: string): void;
  /** The same, asked at another node; false where nothing was offered here. */
  takenElsewhere(callId: EntityId, target: string): boolean;
  /** Resolves when it is on record or given up. Never rejects. */
  transferred(callId: EntityId, target: string, by: 'directive' | 'continue'): Promise<void>;
  /** A word of `Dial()`, see {@link readDialStatus}; ignored where it says nothing, and after the first that does. */
  result(callId: EntityId, target: string, dialstatus: string): Promise<void>;
  /** Looks after a telephone that leaves us, on an Asterisk that tells us of it. */
  watch(transfer: WatchedTransfer): TransferWatch;
}

export interface WatchedTransfer {
  readonly callId: EntityId;
  readonly target: string;
  readonly link: AsteriskLink;
  readonly channelId: string;
}

export interface TransfersDependencies extends JournalDependencies {
  readonly calls: CallStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The dialplan may ask another node than the one that offers. */
  readonly nodeCommands: Pick<NodeCommands, 'hold' | 'send'>;
  /** The process's: what is still waited for ends with it. */
  readonly scope: Scope;
}

interface Offer {
  readonly watch: TransferWatch | undefined;
  readonly timer: Timer;
  readonly release: () => void;
}

export function createTransfers(dependencies: TransfersDependencies): Transfers {
  const { calls, clock, health, logger, scope, nodeCommands } = dependencies;
  const offers = new Map<EntityId, Offer>();
  const watches = new Set<TransferWatch>();
  /** One after the other for each call: each looks at what was told before. */
  const writing = new Map<EntityId, Promise<void>>();

  function write(callId: EntityId, next: (told: readonly CallEvent[]) => Told | undefined): Promise<void> {
    const before = writing.get(callId) ?? Promise.resolve();
    const writes = before.then(async () => {
      const told = next(await health.watch('events', calls.events(callId)));
      if (told === undefined) return;
      const journal = createJournal(callId, { ...dependencies, logger: logger.child({ callId }) });
      journal.event(told.type, told.data);
      await journal.drain(JOURNAL_DRAIN_MS);
      journal.close();
    });
    const settled = writes
      .catch((error: unknown) => logger.error({ err: error, callId }, 'the outcome of a transfer was not written'))
      .finally(() => {
        if (writing.get(callId) === settled) writing.delete(callId);
      });
    writing.set(callId, settled);
    return settled;
  }

  function transferred(callId: EntityId, target: string, by: 'directive' | 'continue'): Promise<void> {
    return write(callId, (told) => (has(told, TRANSFERRED) ? undefined : { type: TRANSFERRED, data: { target, by } }));
  }

  function result(callId: EntityId, target: string, dialstatus: string): Promise<void> {
    const read = readDialStatus(dialstatus);
    if (read === undefined) return Promise.resolve();
    return write(callId, (told) => {
      const since = told.findLastIndex(({ type }) => type === TRANSFERRED);
      if (since === -1 || told.slice(since).some(({ type }) => RESULTS.includes(type))) return undefined;
      if (read === 'answered') return { type: ANSWERED, data: { target } };
      return { type: FAILED, data: { target, reason: read } };
    });
  }

  function takeOffer(callId: EntityId): Offer | undefined {
    const offer = offers.get(callId);
    offers.delete(callId);
    offer?.timer.cancel();
    offer?.release();
    return offer;
  }

  function takenHere(callId: EntityId, target: string): boolean {
    const offer = takeOffer(callId);
    if (offer === undefined) return false;
    offer.watch?.listen();
    void transferred(callId, target, 'directive');
    offer.watch?.confirm();
    return true;
  }

  /** Where nobody offers it any more it is on record all the same. */
  async function tellElsewhere(callId: EntityId, target: string): Promise<void> {
    const command = { type: 'leg', word: 'transfer_taken', text: target } as const;
    const answer = await nodeCommands.send(callId, command, TELL_MS_MAX).catch(() => undefined);
    if (answer !== 'done') await transferred(callId, target, 'directive');
  }

  scope.onClose(() => {
    for (const callId of [...offers.keys()]) takeOffer(callId);
    for (const watch of watches) watch.drop();
  });

  return {
    offered(callId, target, watch) {
      const timer = clock.setTimer(TAKEN_MS_MAX, () => {
        takeOffer(callId);
        watch?.drop();
        const failed = { type: FAILED, data: { target, reason: 'not_taken' satisfies TransferFailure } };
        void write(callId, (told) => (has(told, TRANSFERRED) ? undefined : failed));
      });
      offers.set(callId, { watch, timer, release: nodeCommands.hold(callId) });
    },
    taken(callId, target) {
      if (!takenHere(callId, target)) void tellElsewhere(callId, target);
    },
    takenElsewhere: takenHere,
    transferred,
    result,
    watch({ callId, target, link, channelId }) {
      const watch = createTransferWatch({
        ...{ link, channelId, clock },
        onResult: (dialstatus) => void result(callId, target, dialstatus),
        onOver: () => void watches.delete(watch),
      });
      watches.add(watch);
      return watch;
    },
  };
}

interface Told {
  readonly type: string;
  readonly data: JsonObject;
}

const TRANSFERRED = 'call.transferred';
const ANSWERED = 'call.transfer_answered';
const FAILED = 'call.transfer_failed';
const RESULTS: readonly string[] = [ANSWERED, FAILED];

function has(told: readonly CallEvent[], wanted: string): boolean {
  return told.some(({ type }) => type === wanted);
}

/** What `Dial()` says at its end, in DIALSTATUS and in ARI's events; `NOEXTEN` is a word of the generated dialplan. */
const BY_DIALSTATUS: ReadonlyMap<string, 'answered' | TransferFailure> = new Map([
  ['ANSWER', 'answered'],
  ['BUSY', 'busy'],
  ['NOANSWER', 'no_answer'],
  ['CANCEL', 'caller_hangup'],
  ['CHANUNAVAIL', 'unreachable'],
  ['CONGESTION', 'unreachable'],
  ['NOEXTEN', 'transfer_target_unknown'],
]);

/** Undefined for what is no end: dialling, ringing, a target that dials nobody. */
export function readDialStatus(dialstatus: string): 'answered' | TransferFailure | undefined {
  return BY_DIALSTATUS.get(dialstatus);
}
