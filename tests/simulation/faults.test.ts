import type { EntityId } from '@rapida/core';
import { Faults, type ScriptedAnswer } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { audit } from './support/audit.js';
import { endingAt, heardOut, type Script, silentUntil, speak } from './support/caller.js';
import { type Gate, Outage } from './support/faulty.js';
import type { Pacing } from './support/line.js';
import { type CallPlan, openWorld, type PlayedCall, type World } from './support/world.js';

const PROVIDER_MS = 1_500;
const PROMPT_AFTER_MS = 4_000;
const APOLOGY = 'Something is broken here.';
const CONFIG = {
  greeting: 'Hello there.',
  limits: { providerMs: PROVIDER_MS },
  silence: { promptAfterMs: PROMPT_AFTER_MS, prompts: ['Are you there?'], goodbye: 'Goodbye.' },
  failure: { say: APOLOGY },
};
const LIMITS = { answerMs: PROVIDER_MS + 1_500, silenceMs: PROMPT_AFTER_MS + 1_500, noticeMs: 100 };

const END_CALL: ScriptedAnswer = [
  { type: 'text', text: 'Bye now.' },
  { type: 'tool-call', call: { id: '1', name: 'end_call', args: {} } },
];
const HEARS = ['when are you open', 'tell me more', 'stop it please', 'thanks', 'and now', 'hello'];
const ANSWERS = [
  'We open at nine. We close at five.',
  'That is a long story which takes quite a while to tell.',
  'Fine, I have stopped.',
  END_CALL,
];

/** Asks, asks again, interrupts, says goodbye; waits for the assistant to hang up, but not for ever. */
const fourTurns: Script = function* (hearing) {
  yield* heardOut(hearing, 3_000);
  yield* speak(700);
  yield* heardOut(hearing);
  yield* speak(500);
  yield* silentUntil(() => hearing.soundMs >= 900, 5_000);
  yield* speak(640);
  yield* heardOut(hearing);
  yield* speak(500);
  yield* heardOut(hearing);
  yield* silentUntil(() => false, 1_000);
};

interface Case {
  readonly name: string;
  readonly script?: Script;
  readonly gate?: Gate;
  readonly spareGate?: Gate;
}

/** As long as the undisturbed call. */
const CALL_MS = 12_000;
const BATCH = 16;

/** Plays every case, a few at a time, each with an assistant and engines of its own. Calls come back in the order of the cases. */
async function playAll(world: World, pacing: Pacing, cases: readonly Case[]): Promise<PlayedCall[]> {
  const played: PlayedCall[] = [];
  for (let from = 0; from < cases.length; from += BATCH) {
    const plans = await Promise.all(
      cases.slice(from, from + BATCH).map((one, index) => planOf(world, pacing, one, index)),
    );
    const calls = await world.play(plans);
    played.push(...plans.map((plan) => calls.find((call) => call.plan === plan) as PlayedCall));
  }
  return played;
}

async function planOf(
  world: World,
  pacing: Pacing,
  { script = fourTurns, gate, spareGate }: Case,
  index: number,
): Promise<CallPlan> {
  const assistantId: EntityId = await world.addAssistant(CONFIG);
  const engines = { hears: HEARS, answers: ANSWERS, ...(gate && { gate }), ...(spareGate && { spareGate }) };
  return { pacing, assistantId, script, engines, startAfterMs: index * 7 };
}

interface Ended {
  readonly name: string;
  readonly call: PlayedCall;
  readonly outcome: string;
  readonly said: string[];
}

/** Plays the cases and checks what holds for every call; returns how each ended. */
async function check(pacing: Pacing, cases: readonly Case[]): Promise<Ended[]> {
  const world = await openWorld();
  const idleTimers = world.clock.pendingTimers;
  const played = await playAll(world, pacing, cases);
  const ended: Ended[] = [];
  const faults: string[] = [];
  for (const [index, call] of played.entries()) {
    const name = cases[index]?.name ?? '';
    const found = await audit(call, world.calls, LIMITS);
    faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
    const { state, disconnectedBy, reason } = found.record;
    const said = found.turns.map((turn) => `${turn.role}${turn.interrupted ? ' (cut)' : ''}: ${turn.text}`);
    ended.push({ name, call, outcome: `${state} by ${disconnectedBy}: ${reason}`, said });
  }
  expect(faults).toEqual([]);
  expect(world.complaints).toEqual([]);
  expect(world.clock.pendingTimers).toBe(idleTimers);
  expect(world.useCases.health.liveCalls).toBe(0);
  await world.close();
  expect(world.clock.pendingTimers).toBe(0);
  return ended;
}

describe.each(['local', 'peer'] as const)('a call of four turns, %s pacing', { timeout: 60_000 }, (pacing) => {
  it('is answered, interrupted, and ended by the assistant when nothing fails', async () => {
    const gate = new Faults();
    const [ended] = await check(pacing, [{ name: 'undisturbed', gate }]);
    expect(ended?.outcome).toBe('completed by assistant: end_call');
    expect(ended?.said).toEqual([
      'assistant: Hello there.',
      'user: when are you open',
      'assistant: We open at nine. We close at five.',
      'user: tell me more',
      expect.stringMatching(/^assistant \(cut\): That is a long( story)?( which)?$/),
      'user: stop it please',
      'assistant: Fine, I have stopped.',
      'user: thanks',
      'assistant: Bye now.',
    ]);
  });

  it('goes on after an error at any single event of a provider', async () => {
    const ended = await check(pacing, await oneCasePerEvent(pacing, 'error', (nth) => new Faults(nth)));
    expect(without(ended, [BY_ASSISTANT, BY_CALLER])).toEqual([]);
  });

  it('goes on after a stall at any single event of a provider', async () => {
    const ended = await check(pacing, await oneCasePerEvent(pacing, 'stall', (nth) => new Faults(nth, 'hang')));
    expect(without(ended, [BY_ASSISTANT, BY_CALLER])).toEqual([]);
  });

  it('says so in the spare voice and gives up when every provider is gone from any event on', async () => {
    const ended = await check(pacing, await oneCasePerEvent(pacing, 'outage', (nth) => new Outage(nth)));
    expect(without(ended, [PROVIDER_FAILED, BY_CALLER])).toEqual([]);
    const silent = ended.filter(({ outcome, said }) => outcome === PROVIDER_FAILED && !said.at(-1)?.endsWith(APOLOGY));
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it('does not leave the caller waiting for one silent provider after the other', async () => {
    const ended = await check(pacing, await oneCasePerEvent(pacing, 'silence', (nth) => new Outage(nth, 'hang')));
    expect(without(ended, [PROVIDER_FAILED, BY_CALLER])).toEqual([]);
  });

  it('ends without a word when the spare voice is gone too', async () => {
    const cases = await oneCasePerEvent(pacing, 'outage', (nth) => new Outage(nth));
    const ended = await check(
      pacing,
      cases.map((one) => ({ ...one, spareGate: new Outage(1) })),
    );
    expect(without(ended, [PROVIDER_FAILED, BY_CALLER])).toEqual([]);
  });

  it('ends when the caller hangs up at any tenth of a second', async () => {
    const ended = await check(pacing, casesOverTime('hangup'));
    expect(without(ended.slice(1), [BY_CALLER, BY_ASSISTANT])).toEqual([]);
    // At once: over a WebSocket there was no media yet.
    expect(ended[0]?.outcome).toBe(pacing === 'local' ? BY_CALLER : 'failed by system: media_start_missing');
    expect(ended.filter(({ outcome }) => outcome === BY_CALLER).length).toBeGreaterThan(100);
  });

  it('ends when the connection is lost at any tenth of a second', async () => {
    const ended = await check(pacing, casesOverTime('lose'));
    const lost = `failed by system: ${pacing === 'local' ? 'socket_error' : 'connection_lost'}`;
    expect(without(ended.slice(1), [lost, BY_ASSISTANT])).toEqual([]);
    expect(ended[0]?.outcome).toBe(pacing === 'local' ? lost : 'failed by system: media_start_missing');
    expect(ended.filter(({ outcome }) => outcome === lost).length).toBeGreaterThan(100);
  });
});

const BY_ASSISTANT = 'completed by assistant: end_call';
const BY_CALLER = 'completed by user: caller_hangup';
const PROVIDER_FAILED = 'failed by system: provider_failed';

function without(ended: readonly Ended[], outcomes: readonly string[]): string[] {
  return ended.filter(({ outcome }) => !outcomes.includes(outcome)).map(({ name, outcome }) => `${name}: ${outcome}`);
}

/** As many cases as the undisturbed call has events, each with another one of them failing. */
async function oneCasePerEvent(pacing: Pacing, name: string, gateFor: (nth: number) => Gate): Promise<Case[]> {
  const gate = new Faults();
  await check(pacing, [{ name: 'counting', gate }]);
  expect(gate.passed).toBeGreaterThan(60);
  return Array.from({ length: gate.passed }, (_, i) => ({ name: `${name} at event ${i + 1}`, gate: gateFor(i + 1) }));
}

function casesOverTime(move: 'hangup' | 'lose'): Case[] {
  return Array.from({ length: CALL_MS / 100 }, (_, i) => ({
    name: `${move} at ${i * 100} ms`,
    script: endingAt(fourTurns, i * 5, move),
  }));
}
