import { type CallRecord, type CallStore, FINAL_STATES, FRAME_MS, type TranscriptTurn } from '@rapida/core';
import type { SpeechOfCaller } from './caller.js';
import { longestGapMs } from './hearing.js';
import { MS_PER_CHAR } from './tagged-voice.js';
import type { PlayedCall } from './world.js';

const SAMPLES_PER_MS = 16;
/** From the caller's leaving to the end of the record; nothing is waited for. */
const NOTICE_MS_MAX = 2 * FRAME_MS;

export interface AuditLimits {
  /** From the end of the caller's turn to sound of the assistant. */
  readonly answerMs: number;
  /** With neither side making a sound. */
  readonly silenceMs: number;
  /** Between the caller's leaving and the end of the record. */
  readonly noticeMs: number;
}

/** What is wrong with a call that has ended; nothing, if all is well. */
export async function audit(
  call: PlayedCall,
  calls: CallStore,
  limits: AuditLimits,
): Promise<{ readonly faults: string[]; readonly record: CallRecord; readonly turns: readonly TranscriptTurn[] }> {
  const record = await calls.get('1', call.callId);
  if (record === undefined) throw new Error(`call ${call.callId} has no record`);
  const turns = await calls.turns(call.callId);
  const types = (await calls.events(call.callId)).map((event) => event.type);
  const faults = [
    ...call.ledger.faults(),
    ...outcomeFaults(record, types),
    ...transcriptFaults(call, turns),
    ...airFaults(call, limits),
    ...leftFaults(call, limits),
    ...recogniserFaults(call),
  ];
  return { faults, record, turns };
}

function recogniserFaults({ engines: { recogniser } }: PlayedCall): string[] {
  const { opened, closed } = recogniser;
  return opened === closed ? [] : [`${opened} streams of the recogniser were opened, ${closed} closed`];
}

/** One end, and its state and its event say the same. */
function outcomeFaults({ state, disconnectedBy, reason, endedAtMs }: CallRecord, types: readonly string[]): string[] {
  const ends = types.filter((type) => type === 'call.ended' || type === 'call.failed');
  const expected = state === 'completed' ? 'call.ended' : 'call.failed';
  const faults: string[] = [];
  if (!FINAL_STATES.includes(state)) faults.push(`the state is ${state}`);
  if (ends.length !== 1 || ends[0] !== expected) faults.push(`${state}, but its ends are [${ends.join()}]`);
  if (types.at(-1) !== ends[0]) faults.push(`after its end there was ${types.at(-1)}`);
  if (disconnectedBy === null || reason === null || endedAtMs === null)
    faults.push('the record does not say how it ended');
  return faults;
}

/** The caller left: by then the leg, the conversation and the record end too. */
function leftFaults({ phone, endedMs }: PlayedCall, { noticeMs }: AuditLimits): string[] {
  const tookMs = endedMs - (phone.leftMs ?? endedMs);
  return tookMs > noticeMs ? [`it took ${tookMs} ms to notice that the caller had left`] : [];
}

/** Never dead air: each turn of the caller is answered in time, and nobody waits in silence for long. */
function airFaults({ hearing, phone, connectedMs, endedMs }: PlayedCall, limits: AuditLimits): string[] {
  const faults: string[] = [];
  const leftMs = phone.leftMs ?? endedMs;
  const acts = callersActs(phone);
  for (const [index, { endMs }] of acts.entries()) {
    const nextMs = Math.min(acts[index + 1]?.startMs ?? leftMs, leftMs);
    const soundMs = hearing.voicedAtMs.find((atMs) => atMs > endMs) ?? Number.POSITIVE_INFINITY;
    const waitedMs = Math.min(soundMs, nextMs) - endMs;
    const fault = `the caller waited ${waitedMs} ms for an answer at ${endMs - connectedMs}`;
    if (waitedMs > limits.answerMs) faults.push(fault);
  }
  const active = acts.flatMap(({ startMs, endMs }) => framesBetween(startMs, endMs));
  const sounds = [...hearing.voicedAtMs, ...active].sort((a, b) => a - b);
  const silentMs = longestGapMs(sounds, connectedMs, leftMs);
  if (silentMs > limits.silenceMs) faults.push(`${silentMs} ms without a sound`);
  return faults;
}

/** What the caller said and which keys they pressed, in order. */
function callersActs({ speeches, pressedAtMs }: PlayedCall['phone']): SpeechOfCaller[] {
  const presses = pressedAtMs.map((atMs) => ({ startMs: atMs - FRAME_MS, endMs: atMs }));
  return [...speeches, ...presses].sort((a, b) => a.startMs - b.startMs);
}

function framesBetween(startMs: number, endMs: number): number[] {
  return Array.from({ length: Math.round((endMs - startMs) / 20) }, (_, index) => startMs + (index + 1) * 20);
}

/** What the transcript says was said is what reached the caller's ear, to within a word per sentence that was cut. */
function transcriptFaults(
  { hearing, phone, engines, endedMs }: PlayedCall,
  turns: readonly TranscriptTurn[],
): string[] {
  const heard = [...hearing.pieces].map(([tag, { samples, lastMs }]): Piece => {
    const text = engines.voice.texts.get(tag) ?? engines.spare.texts.get(tag) ?? `unknown piece ${tag}`;
    const interruptions = [...phone.speeches, ...phone.pressedAtMs.map((atMs) => ({ startMs: atMs, endMs: atMs }))];
    const isOver = interruptions.some(
      ({ startMs, endMs }) => startMs - FRAME_MS <= lastMs && lastMs <= endMs + FRAME_MS,
    );
    const mayBeCut = isOver || endedMs - lastMs <= NOTICE_MS_MAX;
    return { text, words: text.split(/\s+/u), ms: samples / SAMPLES_PER_MS, mayBeCut };
  });
  const written = turns.filter((turn) => turn.role === 'assistant').flatMap((turn) => turn.text.split(/\s+/u));
  if (matches(heard, written)) return [];
  const was = heard.map(({ text, ms }) => `${text} (${Math.round(ms)} of ${text.length * MS_PER_CHAR} ms)`).join(' | ');
  return [`written: "${written.join(' ')}", heard: ${was}`];
}

interface Piece {
  readonly text: string;
  readonly words: readonly string[];
  /** Of its sound, what was heard. */
  readonly ms: number;
  /** The caller spoke or pressed a key, or the call ended, when the last of it was heard. */
  readonly mayBeCut: boolean;
}

/** Can the written words be cut into as many words of each piece as its sound allows? */
function matches(heard: readonly Piece[], written: readonly string[]): boolean {
  const [piece, ...rest] = heard;
  if (piece === undefined) return written.length === 0;
  return wordCounts(piece).some(
    (count) =>
      piece.words.slice(0, count).every((word, index) => word === written[index]) &&
      matches(rest, written.slice(count)),
  );
}

/**
 * All words of a piece that was heard whole; else those that ended before it was cut, one more or one less: where the peer
 * paces, we know to within a frame what it has played.
 */
function wordCounts({ words, ms, text, mayBeCut }: Piece): number[] {
  if (ms >= text.length * MS_PER_CHAR && !mayBeCut) return [words.length];
  let chars = 0;
  const whole = words.filter((word) => {
    chars += word.length + 1;
    return (chars - 1) * MS_PER_CHAR <= ms;
  }).length;
  return [whole, whole - 1, whole + 1].filter((count) => count >= 0 && count <= words.length);
}
