import type { RapidaError } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { RealtimeOutbox, SOUND_WAITING_MAX, WORDS_WAITING_MAX } from './realtime-outbox.js';

function outboxOf() {
  const seen = { droppedMs: 0, refused: [] as RapidaError[], sent: [] as string[], takes: true };
  const outbox = new RealtimeOutbox(
    (ms) => {
      seen.droppedMs += ms;
    },
    (failure) => void seen.refused.push(failure),
  );
  const socket = {
    isOpen: true,
    send(message: string | Uint8Array) {
      if (seen.takes) seen.sent.push(String(message));
      return seen.takes;
    },
    close() {},
  };
  return { outbox, socket, seen };
}

describe('what goes to a realtime model', () => {
  it('waits in its order until the session is ready, and again when it is not', () => {
    const { outbox, socket, seen } = outboxOf();
    outbox.word({ n: 1 });
    outbox.sound('s1');
    outbox.word({ n: 2 });
    expect(seen.sent).toEqual([]);
    outbox.open(socket);
    outbox.sound('s2');
    expect(seen.sent).toEqual(['{"n":1}', 's1', '{"n":2}', 's2']);
    outbox.shut();
    outbox.sound('s3');
    expect(seen.sent).toHaveLength(4);
    outbox.open(socket);
    expect(seen.sent.at(-1)).toBe('s3');
  });

  it('loses its oldest sound when it waits for too long, and no word', () => {
    const { outbox, socket, seen } = outboxOf();
    outbox.word({ n: 1 });
    for (let i = 0; i < SOUND_WAITING_MAX + 3; i++) outbox.sound(`s${i}`);
    expect(seen.droppedMs).toBe(60);
    outbox.open(socket);
    expect(seen.sent).toHaveLength(SOUND_WAITING_MAX + 1);
    expect(seen.sent.slice(0, 2)).toEqual(['{"n":1}', 's3']);
  });

  it('says so when too many words wait, or one is not taken', () => {
    const { outbox, socket, seen } = outboxOf();
    for (let i = 0; i <= WORDS_WAITING_MAX; i++) outbox.word({ i });
    expect(seen.refused.map(({ code }) => code)).toEqual(['provider_unavailable']);
    outbox.open(socket);
    seen.takes = false;
    outbox.sound('s');
    expect(seen.droppedMs).toBe(20);
    outbox.word({});
    expect(seen.refused).toHaveLength(2);
  });

  it('forgets everything when it is cleared', () => {
    const { outbox, socket, seen } = outboxOf();
    outbox.word({ n: 1 });
    outbox.clear();
    outbox.open(socket);
    expect(seen.sent).toEqual([]);
  });
});
