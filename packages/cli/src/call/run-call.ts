import { writeFile } from 'node:fs/promises';
import { encodeWav } from '@rapida/audio';
import { type Call, type Calls, Rapida, RapidaApiError, type TranscriptTurn } from '@rapida/client';
import { type Clock, sleep } from '@rapida/core';
import type { Ticker } from '@rapida/media';
import {
  type LegOptions,
  openAudioSocketLeg,
  openWebSocketLeg,
  PHONE_RATE_HZ,
  type PhoneFormat,
  type PhoneLeg,
} from './leg.js';
import { Phone, type PhoneEvent, type PhoneResult } from './phone.js';
import type { CallStep } from './script.js';

export interface CallPlan {
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly assistantId: string;
  readonly from: string;
  readonly transport: 'audiosocket' | 'websocket';
  readonly audiosocket: { readonly host: string; readonly port: number };
  readonly format: PhoneFormat;
  readonly form: 'json' | 'plain-text';
  readonly steps: readonly CallStep[];
  /** Where to leave a stereo WAV of what the phone sent (left) and heard (right). */
  readonly record: string | undefined;
}

export interface CallTools {
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly synthesise: (text: string) => Promise<Int16Array>;
  readonly onEvent: (event: CallEvent) => void;
}

export type Turn = TranscriptTurn;

export type CallEvent =
  | PhoneEvent
  | { readonly type: 'registered'; readonly contextId: string; readonly callId: string | undefined }
  | { readonly type: 'turn'; readonly turn: Turn }
  | {
      readonly type: 'ended';
      readonly how: string;
      readonly state: string | undefined;
      readonly reason: string | undefined;
    };

export interface CallOutcome {
  readonly callId: string | undefined;
  readonly turns: readonly Turn[];
  readonly phone: PhoneResult;
  readonly state: string | undefined;
}

const TRANSCRIPT_LOOK_MS = 250;
const RECORD_MS_MAX = 3_000;

/** One whole call as Asterisk makes it: phase 1 over HTTP, phase 2 as media, a caller who follows the script. */
export async function runCall(plan: CallPlan, tools: CallTools): Promise<CallOutcome> {
  const { url, apiKey, assistantId, from } = plan;
  const { calls } = new Rapida({ url, apiKey, retries: 0 });
  const contextId = await calls.register({ assistantId, from, channelId: `rapida-call-${process.pid}` });
  const callId = await findCall(calls, contextId);
  tools.onEvent({ type: 'registered', contextId, callId });

  const phone = new Phone(tools);
  const leg = await openLeg(plan, { clock: tools.clock, contextId, onAudio: phone.onAudio });
  const turns: Turn[] = [];
  const watching = new AbortController();
  const watched =
    callId === undefined ? Promise.resolve() : watchTranscript(calls, callId, turns, tools, watching.signal);
  const result = await phone.run(leg, plan.steps);
  const ended = callId === undefined ? undefined : await finalRecord(calls, callId, tools.clock);
  watching.abort();
  await watched;
  tools.onEvent({ type: 'ended', how: result.ended, state: ended?.state, reason: ended?.reason ?? undefined });
  if (plan.record !== undefined) await saveRecording(plan.record, result);
  return { callId, turns, phone: result, state: ended?.state };
}

async function openLeg(plan: CallPlan, options: LegOptions): Promise<PhoneLeg> {
  if (plan.transport === 'audiosocket') return openAudioSocketLeg({ ...options, ...plan.audiosocket });
  const base = plan.url.replace(/^http/, 'ws').replace(/\/+$/, '');
  const url = `${base}/v1/talk/asterisk/ctx?contextId=${options.contextId}`;
  return openWebSocketLeg({ ...options, url, format: plan.format, form: plan.form });
}

/** A key that may only register calls cannot read them: the call is held all the same, without the transcript. */
async function findCall(calls: Calls, contextId: string): Promise<string | undefined> {
  try {
    const { data } = await calls.list({ limit: 50 });
    return data.find((call) => call.contextId === contextId)?.id;
  } catch (error) {
    if (error instanceof RapidaApiError && error.code === 'key_scope') return undefined;
    throw error;
  }
}

async function watchTranscript(
  calls: Calls,
  callId: string,
  turns: Turn[],
  tools: CallTools,
  signal: AbortSignal,
): Promise<void> {
  for (let last = false; ; ) {
    const heard = await calls.transcript(callId);
    for (const turn of heard.slice(turns.length)) {
      turns.push(turn);
      tools.onEvent({ type: 'turn', turn });
    }
    if (last) return;
    await sleep(tools.clock, TRANSCRIPT_LOOK_MS, signal);
    last = signal.aborted;
  }
}

/** The record is complete a moment after the media has gone. */
async function finalRecord(calls: Calls, callId: string, clock: Clock): Promise<Call> {
  const stopMs = clock.nowMs() + RECORD_MS_MAX;
  for (;;) {
    const call = await calls.get(callId);
    const over = !['registered', 'connected'].includes(call.state);
    if (over || clock.nowMs() > stopMs) return call;
    await sleep(clock, 50);
  }
}

async function saveRecording(path: string, { recording }: PhoneResult): Promise<void> {
  const { caller, assistant } = recording;
  await writeFile(path, encodeWav({ rateHz: PHONE_RATE_HZ, channels: [caller, assistant] }));
}
