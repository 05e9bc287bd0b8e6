import type { CallRecord, OutboundOrder } from '../call-record.js';
import type { CallStore } from '../call-store.js';

/** What each test of the suite works on. */
export interface CallStoreTest {
  readonly store: CallStore;
  /** Stores {@link aCall} and returns it. */
  created(changes?: Partial<CallRecord>): Promise<CallRecord>;
}

export const PROJECT = '18446744073709551615';
export const OTHER_PROJECT = '7';

let calls = 0;

/** A call that has everything; no two have the same id, context or time. The ids grow with the times. */
export function aCall(changes: Partial<CallRecord> = {}): CallRecord {
  calls++;
  return {
    id: String(9_223_372_036_854_775_000n + BigInt(calls)),
    projectId: PROJECT,
    assistantId: '10000000000000000001',
    assistantVersion: 3,
    contextId: `00000000-0000-4000-8000-${String(calls).padStart(12, '0')}`,
    direction: 'outbound',
    state: 'registered',
    from: '+4930123456',
    to: '600',
    channelId: 'PJSIP/trunk-00000001',
    metadata: { campaign: "o'clock; drop table calls; --", empty: '' },
    args: { name: 'Grüße, “Zoë” 👋', nul: '\0', empty: '' },
    overrides: { greeting: 'Grüße', tts: { speed: 1.25 } },
    outbound: anOrder(),
    transport: 'websocket',
    format: 'ulaw',
    createdAtMs: 1_790_000_000_000 + calls,
    connectedAtMs: 1_790_000_000_000.5,
    endedAtMs: 1_790_000_001_000,
    disconnectedBy: 'user',
    reason: 'hangup',
    directive: 'goto:sales,100,1',
    recording: '10000000000000000001.wav',
    analysis: { state: 'done', summary: 'Grüße 👋', extraction: { n: 1 }, success: { outcome: 'no', reason: '' } },
    nodeId: 'node-a',
    resumes: 2,
    ...changes,
  };
}

/** An order that has everything. */
export function anOrder(changes: Partial<OutboundOrder> = {}): OutboundOrder {
  return {
    notBeforeMs: 1_790_000_000_000.5,
    attempt: 1,
    attemptsMax: 3,
    retryAfterMs: 300_000,
    retryOn: ['busy', 'no_answer'],
    ringMs: 30_000,
    dialed: { credentialId: '18446744073709551615', app: 'rapida', mode: 'stasis', channelId: 'rapida-1' },
    ...changes,
  };
}

export const ids = (rows: readonly CallRecord[]) => rows.map((row) => row.id);
export const newestFirst = (rows: readonly CallRecord[]) =>
  [...rows].sort((a, b) => b.createdAtMs - a.createdAtMs || (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
