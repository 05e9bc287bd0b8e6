import { RapidaError } from '@rapida/core';
import { settle } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import { TOLD_ASSISTANTS_MAX, TOLD_EVERY_MS } from './refusals.js';
import { ASSISTANT, openHarness, PROJECT } from './testing/harness.js';

const INVALID = new RapidaError('key_invalid');

async function watched() {
  const harness = await openHarness();
  const watching = await harness.liveFeed.subscribe({ projectId: PROJECT });
  const told: unknown[] = [];
  void (async () => {
    for (;;) {
      const event = await watching.next();
      if (typeof event === 'string') return;
      told.push(event);
    }
  })();
  return { harness, told, note: harness.useCases.noteKeyRefused };
}

describe('a call whose key is refused', () => {
  it('is told to those who watch the project of the assistant, without a word of who it was', async () => {
    const { harness, told, note } = await watched();
    note(ASSISTANT, INVALID);
    await settle();
    const { code, message } = INVALID;
    const whose = { projectId: PROJECT, assistantId: ASSISTANT, callId: '0', seq: null };
    expect(told).toEqual([
      { ...whose, type: 'call.refused', atMs: harness.clock.wallMs(), data: { code, message, from: '' } },
    ]);
  });

  it('is told to nobody where there is no such assistant, and where what was named is none', async () => {
    const { told, note } = await watched();
    for (const id of ['43', '', 'x', '99999999999999999999']) note(id, INVALID);
    await settle();
    expect(told).toEqual([]);
  });

  it('is told once a second for one assistant, however often it comes', async () => {
    const { harness, told, note } = await watched();
    for (let n = 0; n < 50; n++) note(ASSISTANT, INVALID);
    await settle();
    expect(told).toHaveLength(1);
    await harness.clock.advance(TOLD_EVERY_MS);
    note(ASSISTANT, INVALID);
    await settle();
    expect(told).toHaveLength(2);
  });

  it('is looked for in the store for so many assistants a second and no more', async () => {
    const { harness, told, note } = await watched();
    for (let n = 0; n < TOLD_ASSISTANTS_MAX; n++) note(String(1_000 + n), INVALID);
    note(ASSISTANT, INVALID);
    await settle();
    expect(told).toEqual([]);
    await harness.clock.advance(TOLD_EVERY_MS);
    note(ASSISTANT, INVALID);
    await settle();
    expect(told).toHaveLength(1);
  });
});
