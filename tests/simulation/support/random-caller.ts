import type { AssistantConfigInput } from '@rapida/core';
import { Faults, type ScriptedSegment } from '@rapida/core/testing';
import { type Move, type Script, silentFor, silentUntil, speak } from './caller.js';
import type { EnginePlan } from './engines.js';
import { type Gate, Outage } from './faulty.js';
import type { Pacing } from './line.js';

/** The same numbers for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }
}

/** Assistants that are as different as their configuration allows. */
export const ASSISTANTS: readonly Partial<AssistantConfigInput>[] = [
  { greeting: 'Hi.', silence: { promptAfterMs: 2_000 }, limits: { providerMs: 800 } },
  {
    greeting: '',
    silence: { promptAfterMs: 1_000, prompts: ['Yes?'], goodbye: 'Bye.' },
    limits: { providerMs: 1_000 },
  },
  {
    greeting: 'Good day to you.',
    turn: { interruptAfterMs: 100, endpointingMs: 200, resumeAfterMs: 0, dtmfGapMs: 300 },
    failure: { say: 'Broken.', afterwards: 'end' },
    silence: { promptAfterMs: 2_000 },
    limits: { providerMs: 500 },
  },
  {
    greeting: 'Hello, press a key.',
    turn: { interruptAfterMs: 600, endpointingMs: 800, dtmfGapMs: 200 },
    silence: { promptAfterMs: 1_500, prompts: [], goodbye: 'Bye.' },
    limits: { providerMs: 1_000 },
  },
];

/** Speaks, coughs, interrupts, presses keys, keeps silent, in any order, for at most `limitMs`; then hangs up, or is cut off. */
export function randomCaller(chance: Chance, limitMs: number): Script {
  const framesMax = Math.floor(limitMs / 20);
  const leaves = chance.next() < 0.2 ? 'lose' : 'hangup';
  return function* (hearing) {
    let frames = 0;
    for (;;) {
      for (const move of randomDeed(chance, hearing)) {
        if (++frames > framesMax) return yield leaves;
        yield move;
      }
    }
  };
}

function randomDeed(chance: Chance, hearing: Parameters<Script>[0]): Generator<Move, void> {
  const deeds: readonly (() => Generator<Move, void>)[] = [
    () => speak(chance.between(300, 1_200)),
    () => speak(chance.between(20, 280)),
    () => interrupts(chance, hearing),
    () => presses(chance),
    () => silentFor(chance.between(200, 1_500)),
    () => silentUntil(() => hearing.quietMs < 40, 1_500),
  ];
  return chance.of(deeds)();
}

function* interrupts(chance: Chance, hearing: Parameters<Script>[0]): Generator<Move, void> {
  yield* silentUntil(() => hearing.soundMs >= 200, 1_500);
  yield* speak(chance.between(200, 900));
}

function* presses(chance: Chance): Generator<Move, void> {
  for (let keys = chance.between(1, 4); keys > 0; keys--) {
    yield { press: chance.of(['1', '5', '0', '#', '*']) };
    yield* silentFor(chance.between(20, 250));
  }
}

const HEARD: readonly ScriptedSegment[] = ['yes', 'when are you open?', 'no stop', '', { rejected: true }];
const ANSWERS = ['Yes.', 'We open at nine. And close.', 'Of course, tell me more about it.', 'No.'];

/** Engines that understand anything and say anything; half of them fail at some event. */
export function randomEngines(chance: Chance): EnginePlan {
  const some = <T>(choices: readonly T[]): T[] => Array.from({ length: 6 }, () => chance.of(choices));
  const gate = randomGate(chance);
  return { hears: some(HEARD), answers: some(ANSWERS), ...(gate && { gate }) };
}

function randomGate(chance: Chance): Gate | undefined {
  const kind = chance.next();
  const nth = chance.between(1, 20);
  if (kind < 0.25) return new Faults(nth);
  if (kind < 0.5) return new Faults(nth, 'hang');
  return kind < 0.6 ? new Outage(nth) : undefined;
}

export function randomPacing(chance: Chance): Pacing {
  return chance.of(['local', 'peer']);
}
