import { describe, expect, it } from 'vitest';
import { RealtimeRehearsal } from './realtime/testing/realtime-rehearsal.js';
import { Rehearsal } from './testing/rehearsal.js';

const LOST = 'Sorry, I lost you.';
const CONFIG = { greeting: 'Hello.', resumption: { say: LOST } };
const HELLO = { role: 'assistant', text: 'Hello.' } as const;
const ASKED = { role: 'user', text: 'when are you open' } as const;
const CUT = { role: 'assistant', text: 'From nine', interrupted: true } as const;

describe('a conversation that goes on after it was lost', () => {
  it('says so instead of greeting, and then listens where nothing is owed', async () => {
    const call = new Rehearsal({
      config: CONFIG,
      hears: ['until when'],
      answers: ['Until five.'],
      resumed: { history: [HELLO, ASKED, CUT], elapsedMs: 60_000 },
    }).start();
    await call.silence(3_000);
    expect(call.said()).toEqual([`assistant: ${LOST}`]);
    expect(call.llm.requests).toEqual([]);
    await call.sayAndAwaitAnswer(600);
    expect(call.llm.requests[0]?.messages).toEqual([
      ...[HELLO, ASKED, CUT, { role: 'assistant', text: LOST }],
      { role: 'user', text: 'until when' },
    ]);
  });

  it('answers what the caller had said and nobody has answered, in one breath with the sentence', async () => {
    const call = new Rehearsal({
      config: CONFIG,
      answers: ['From nine to five.'],
      resumed: { history: [HELLO, ASKED], elapsedMs: 60_000 },
    }).start();
    await call.silence(5_000);
    expect(call.said()).toEqual([`assistant: ${LOST} From nine to five.`]);
    expect(call.llm.requests.map(({ messages }) => messages)).toEqual([[HELLO, ASKED]]);
  });

  it('plays the sentence that was rendered ahead, before either', async () => {
    for (const history of [[HELLO], [HELLO, ASKED]]) {
      const call = new Rehearsal({
        config: CONFIG,
        answers: ['From nine to five.'],
        greeting: { text: LOST, samples: new Int16Array(16_000) },
        resumed: { history, elapsedMs: 60_000 },
      }).start();
      await call.silence(5_000);
      expect(call.said()[0]).toMatch(/^assistant: Sorry, I lost you\./);
      expect(call.tts.spoken.join(' ')).not.toContain('lost');
    }
  });

  it('counts from the moment its call was connected first: times of turns, and the limit of the call', async () => {
    const call = new Rehearsal({
      config: { ...CONFIG, limits: { callMs: 62_000 } },
      resumed: { history: [HELLO], elapsedMs: 60_000 },
    }).start();
    await call.silence(1_900);
    expect(call.turns[0]?.startMs).toBeGreaterThanOrEqual(60_000);
    expect(call.turns[0]?.startMs).toBeLessThan(61_000);
    await call.silentUntil(() => call.end !== undefined);
    expect(call.end).toMatchObject({ reason: 'call_limit' });
  });

  it('says nothing where there is no sentence, and still owes the answer', async () => {
    const silent = { ...CONFIG, resumption: { say: '' } };
    const quiet = new Rehearsal({ config: silent, resumed: { history: [HELLO], elapsedMs: 1 } }).start();
    await quiet.silence(3_000);
    expect(quiet.said()).toEqual([]);
    const owing = new Rehearsal({
      config: silent,
      answers: ['From nine to five.'],
      resumed: { history: [HELLO, ASKED], elapsedMs: 1 },
    }).start();
    await owing.silence(3_000);
    expect(owing.said()).toEqual(['assistant: From nine to five.']);
  });
});

describe('the same over a realtime model', () => {
  it('opens its session with what was said, and asks it for the answer that is owed after the sentence', async () => {
    const call = new RealtimeRehearsal({
      config: CONFIG,
      script: [{ says: 'From nine to five.' }],
      greeting: { text: LOST, samples: new Int16Array(16_000) },
      resumed: { history: [HELLO, ASKED], elapsedMs: 60_000 },
    }).start();
    await call.silence(5_000);
    expect(call.session.options.history).toEqual([HELLO, ASKED]);
    expect(call.said()).toEqual([`assistant: ${LOST}`, 'assistant: From nine to five.']);
    expect(call.turns[0]?.startMs).toBeGreaterThanOrEqual(60_000);
  });

  it('listens where nothing is owed', async () => {
    const call = new RealtimeRehearsal({
      config: CONFIG,
      greeting: { text: LOST, samples: new Int16Array(16_000) },
      resumed: { history: [HELLO], elapsedMs: 60_000 },
    }).start();
    await call.silence(3_000);
    expect(call.said()).toEqual([`assistant: ${LOST}`]);
  });
});
