import type { CallEvent, ErrorCode, ProviderIncident } from '@rapida/core';
import { Faults } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { type Script, silentFor, speak } from './support/caller.js';
import type { ChainPlan } from './support/engines.js';
import { ArmedGate, type Gate, Outage } from './support/faulty.js';
import { longestGapMs } from './support/hearing.js';
import { type CallPlan, openWorld, type PlayedCall, type World } from './support/world.js';

/** What a caller bears while an answer is owed. */
const SILENCE_MS_MAX = 2_500;
/** Longer than an answer takes; where nobody is behind an engine, it may be silent for all of its time, and is then spoken about. */
const ANSWER_MS = { second: 9_000, nobody: 14_000 } as const;

const CONFIG = {
  greeting: '',
  // Engines that are reached over a network: fillers are made ready for them. What they do is scripted.
  llm: { provider: 'openai-compatible' },
  silence: { promptAfterMs: 120_000 },
  failure: { say: 'Something is broken here.' },
} as const;
const ANSWER = 'We open at nine in the morning. We close at five in the afternoon.';

type Kind = ProviderIncident['kind'];
type Behind = ChainPlan['behind'];

interface Fault {
  readonly name: string;
  /** What the record says of it. */
  readonly code: ErrorCode;
  readonly isForEver: boolean;
  readonly gateFor: (nth: number) => Gate;
}

const FAULTS: readonly Fault[] = [
  { ...fault('stalls', 'provider_timeout'), gateFor: (nth) => new Faults(nth, 'hang') },
  { ...fault('fails', 'provider_unavailable'), gateFor: (nth) => new Faults(nth) },
  {
    ...fault('is rate-limited', 'provider_rate_limited'),
    gateFor: (nth) => new Faults(nth, 'throw', 'provider_rate_limited'),
  },
  { ...fault('stalls from', 'provider_timeout'), isForEver: true, gateFor: (nth) => new Outage(nth, 'hang') },
  { ...fault('is gone from', 'provider_unavailable'), isForEver: true, gateFor: (nth) => new Outage(nth) },
];

function fault(name: string, code: ErrorCode) {
  return { name, code, isForEver: false } as const;
}

interface Case {
  readonly name: string;
  readonly kind: Kind;
  readonly behind: Behind;
  readonly gate: Gate;
  readonly questions: number;
}

/** A question or two, each with all the time there is for its answer. The engine is well until fillers are ready. */
function patientCaller(gate: ArmedGate, { behind, questions }: Pick<Case, 'behind' | 'questions'>): Script {
  return function* () {
    yield* silentFor(1_500);
    gate.arm();
    for (let asked = 0; asked < questions; asked++) {
      yield* speak(700);
      yield* silentFor(ANSWER_MS[behind]);
    }
  };
}

async function planOf(world: World, { kind, behind, gate, questions }: Case, index: number): Promise<CallPlan> {
  const armed = new ArmedGate(gate);
  return {
    pacing: index % 2 === 0 ? 'local' : 'peer',
    assistantId: await world.addAssistant(CONFIG),
    script: patientCaller(armed, { behind, questions }),
    engines: {
      hears: Array.from({ length: 20 }, () => 'when are you open'),
      answers: Array.from({ length: 20 }, () => ANSWER),
      model: { ttftMs: 300, deltaMs: 20 },
      chains: { kind, gate: armed, behind },
    },
    startAfterMs: (index % 16) * 7,
  };
}

/** Of so many calls, each with an assistant of its own, the server makes all fillers ready at once. */
const BATCH = 7;

async function playAll(world: World, cases: readonly Case[]): Promise<PlayedCall[]> {
  const played: PlayedCall[] = [];
  for (let from = 0; from < cases.length; from += BATCH) {
    const plans = await Promise.all(
      cases.slice(from, from + BATCH).map((one, index) => planOf(world, one, from + index)),
    );
    const calls = await world.play(plans);
    for (const plan of plans) {
      const call = calls.find((one) => one.plan === plan);
      if (call === undefined) throw new Error('a call is missing');
      played.push(call);
    }
  }
  return played;
}

/** The longest silence between the end of what the caller said and the end of what was said to them, per question. */
function silencesMs({ hearing, phone, endedMs }: PlayedCall): number[] {
  return phone.speeches.map(({ endMs }, index) => {
    const untilMs = phone.speeches[index + 1]?.startMs ?? phone.leftMs ?? endedMs;
    const lastMs = hearing.voicedAtMs.findLast((atMs) => atMs > endMs && atMs <= untilMs);
    return lastMs === undefined ? untilMs - endMs : longestGapMs(hearing.voicedAtMs, endMs, lastMs);
  });
}

interface Told {
  readonly silencesMs: readonly number[];
  readonly incidents: readonly CallEvent['data'][];
  readonly said: readonly string[];
  readonly outcome: string;
}

async function tell(world: World, call: PlayedCall): Promise<Told> {
  const events = await world.calls.events(call.callId);
  const turns = await world.calls.turns(call.callId);
  const record = await world.calls.get('1', call.callId);
  return {
    silencesMs: silencesMs(call),
    incidents: events.filter(({ type }) => type === 'provider.failed').map(({ data }) => data),
    said: turns.map(({ role, text }) => `${role}: ${text}`),
    outcome: `${record?.state} by ${record?.disconnectedBy}: ${record?.reason}`,
  };
}

/** Each fault at each event that an engine gives for a first question. */
async function everyCase(
  world: World,
  kind: Kind,
  behind: Behind,
): Promise<readonly (Case & { readonly fault: Fault })[]> {
  const gate = new Faults();
  await playAll(world, [{ ...{ kind, behind, gate }, name: 'undisturbed', questions: 1 }]);
  expect(gate.passed).toBeGreaterThanOrEqual(kind === 'stt' ? 1 : 14);
  return FAULTS.flatMap((fault) =>
    Array.from({ length: gate.passed }, (_, i) => ({
      ...{ kind, behind, fault, questions: 2 },
      ...{ name: `${fault.name} at event ${i + 1}`, gate: fault.gateFor(i + 1) },
    })),
  );
}

function faultsOf({ fault, kind, behind }: Case & { readonly fault: Fault }, told: Told): string[] {
  const wrong: string[] = [];
  const { silencesMs: silences, incidents, outcome, said } = told;
  if (silences.some((ms) => ms > SILENCE_MS_MAX)) wrong.push(`${silences.join()} ms of silence; ${said.join(' | ')}`);
  const expected = { kind, provider: 'first', code: fault.code };
  const next = behind === 'second' ? ['second'] : ['first', null];
  const isTold = incidents.some((one) => isMatch(one, expected) && next.includes(one.next as string | null));
  if (!isTold) wrong.push(`the record has ${JSON.stringify(incidents)}`);
  const goesOn = behind === 'second' || !fault.isForEver;
  if (goesOn && outcome !== 'completed by user: caller_hangup') wrong.push(outcome);
  if (goesOn && said.at(-1) !== `assistant: ${ANSWER}`) wrong.push(`the second answer: ${said.at(-1)}`);
  return wrong;
}

function isMatch(data: CallEvent['data'], expected: Readonly<Record<string, string>>): boolean {
  return Object.entries(expected).every(([key, value]) => data[key] === value);
}

describe.each(['stt', 'llm', 'tts'] as const)('the engine of %s', { timeout: 240_000 }, (kind) => {
  it.each(['second', 'nobody'] as const)(
    'may stall, fail or be limited at any event, with %s behind it: the caller does not wait in silence, and the record says so',
    async (behind) => {
      const world = await openWorld();
      const cases = await everyCase(world, kind, behind);
      const calls = await playAll(world, cases);
      const wrong: string[] = [];
      for (const [index, one] of cases.entries()) {
        const call = calls[index];
        if (call === undefined) throw new Error('a call is missing');
        const faults = faultsOf(one, await tell(world, call));
        wrong.push(...faults.map((fault) => `${one.name}: ${fault}`));
      }
      expect(wrong).toEqual([]);
      expect(world.complaints).toEqual([]);
      await world.close();
      expect(world.clock.pendingTimers).toBe(0);
    },
  );
});
