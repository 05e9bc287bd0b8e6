import { systemClock as clock } from '@rapida/core';
import { answerParent, planOfParent } from '../child-side.js';
import { WIRE_FRAME_BYTES } from '../sounds.js';
import { type Leg, type LegOptions, openAudioSocketLeg, openWebSocketLeg } from './legs.js';
import { type Paced, pace } from './pacer.js';
import { Talker, type TalkingPlan, type TalkReport } from './talker.js';

export interface CallersPlan {
  readonly transport: 'audiosocket' | 'websocket';
  readonly port: number;
  readonly calls: number;
  /** `reading` sends nothing, `silent` silence, `steady` sound without an end; they only count what comes back. */
  readonly behaviour: 'reading' | 'silent' | 'steady' | TalkingPlan;
  /** Of calls that were registered, one for each; without them any. */
  readonly contextIds?: readonly string[];
}

export interface CallersReport extends TalkReport {
  readonly framesSent: number;
  readonly framesLate: number;
  readonly framesReceived: number;
}

/** Connected one wave after the other: more than this at once is not what a telephone system does. */
const WAVE = 50;
/** Talkers begin one after the other over this time, so that they do not all speak at once. */
const STAGGER_MS = 1_000;

/** The process of the callers. */
const { transport, port, calls, behaviour, contextIds = [] } = planOfParent<CallersPlan>();
const talk: TalkReport = { answersMs: [], silencedMs: [], failures: 0 };
let bytesReceived = 0;

const open = transport === 'audiosocket' ? openAudioSocketLeg : openWebSocketLeg;
const talkers: Talker[] = [];
const ticks: (() => void)[] = [];

async function openCall(index: number): Promise<void> {
  const contextId = contextIds[index];
  const options: LegOptions = { clock, port, ...(contextId !== undefined && { contextId }) };
  if (typeof behaviour === 'string') {
    const onBytes = (count: number): void => {
      bytesReceived += count;
    };
    const leg = await open({ ...options, onBytes });
    if (behaviour === 'steady') ticks[index] = () => leg.send('voiced');
    if (behaviour === 'silent') ticks[index] = () => leg.send('silent');
    return;
  }
  const talker = new Talker(clock, behaviour, talk, (index / calls) * STAGGER_MS);
  talkers[index] = talker;
  const leg: Leg = await open({ ...options, onPayload: (payload) => talker.hear(payload) });
  talker.leg = leg;
  ticks[index] = () => talker.tick();
}

for (let from = 0; from < calls; from += WAVE) {
  const wave = Math.min(WAVE, calls - from);
  await Promise.all(Array.from({ length: wave }, (_, i) => openCall(from + i)));
}
const paced: Paced =
  behaviour === 'reading' ? { ticks: 0, late: 0 } : pace(clock, calls, (caller) => ticks[caller]?.());
answerParent(
  {},
  {
    report: (): CallersReport => ({
      ...talk,
      framesSent: paced.ticks,
      framesLate: paced.late,
      framesReceived: Math.floor(bytesReceived / WIRE_FRAME_BYTES),
    }),
  },
);
