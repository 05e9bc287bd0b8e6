import type { AriChannel, AriEvent } from '@rapida/ari';
import { settle, VirtualClock } from '@rapida/core/testing';
import { describe, expect, it } from 'vitest';
import type { AsteriskLink, ChannelOwner } from './asterisk-link.js';
import { createTransferWatch, WATCH_MS_MAX } from './transfer-watch.js';

const channel = (id: string): AriChannel => ({
  ...{ id, name: `PJSIP/${id}`, state: 'Up' },
  ...{ caller: { name: '', number: '' }, connected: { name: '', number: '' } },
});
const dial = (caller: string, dialstatus: string): AriEvent => ({
  ...{ type: 'Dial', caller: channel(caller), peer: channel('reception'), dialstatus },
});
const destroyed = (id: string): AriEvent => ({
  ...{ type: 'ChannelDestroyed', channel: channel(id), cause: 16, causeText: '' },
});

function watched() {
  const clock = new VirtualClock();
  const results: string[] = [];
  const owners = new Set<ChannelOwner>();
  const unsubscribed: string[] = [];
  const there = new Set(['phone']);
  let overs = 0;
  const link = {
    app: 'rapida',
    client: {
      channel: async (id: string) => ({ ok: true, value: there.has(id) ? channel(id) : undefined }),
      unsubscribe: async (_app: string, source: string) => {
        unsubscribed.push(source);
        return { ok: true, value: undefined };
      },
    },
    own(owner: ChannelOwner) {
      owners.add(owner);
      return () => void owners.delete(owner);
    },
  } as unknown as AsteriskLink;
  const watch = createTransferWatch({
    ...{ link, channelId: 'phone', clock },
    onResult: (dialstatus) => results.push(dialstatus),
    onOver: () => void overs++,
  });
  return { clock, results, owners, unsubscribed, there, watch, overs: () => overs };
}

describe('watching a telephone that has left', () => {
  it('tells an answer at once, and then forgets it: owner, timer and subscription', () => {
    const { clock, results, owners, unsubscribed, watch, overs } = watched();
    watch.listen();
    watch.confirm();
    for (const status of ['', 'RINGING', 'ANSWER', 'BUSY']) watch.onAri(dial('phone', status));
    expect([results, owners.size, unsubscribed, overs()]).toEqual([['ANSWER'], 0, ['channel:phone'], 1]);
    watch.drop();
    expect([overs(), clock.pendingTimers]).toEqual([1, 0]);
  });

  it('tells the last failure when the telephone is gone: the target may have dialled somebody else meanwhile', () => {
    const { results, unsubscribed, watch } = watched();
    watch.listen();
    watch.confirm();
    for (const status of ['BUSY', 'RINGING', 'NOANSWER']) watch.onAri(dial('phone', status));
    expect(results).toEqual([]);
    watch.onAri(destroyed('phone'));
    expect([results, unsubscribed]).toEqual([['NOANSWER'], []]);
  });

  it('tells what was seen before it was certain that the telephone had left, but nothing of before that', () => {
    const { results, watch } = watched();
    watch.onAri(dial('phone', 'ANSWER'));
    watch.listen();
    for (const event of [dial('phone', 'BUSY'), destroyed('phone')]) watch.onAri(event);
    expect(results).toEqual([]);
    watch.confirm();
    expect(results).toEqual(['BUSY']);
  });

  it('hears of no other channel', () => {
    const { results, watch, overs } = watched();
    watch.listen();
    watch.confirm();
    for (const event of [dial('other', 'ANSWER'), destroyed('other')]) watch.onAri(event);
    expect([results, overs()]).toEqual([[], 0]);
  });

  it('ends where the telephone comes into our application again', () => {
    const { owners, watch } = watched();
    watch.listen();
    watch.confirm();
    watch.onAri({ type: 'StasisStart', channel: channel('phone'), args: [] });
    expect(owners.size).toBe(0);
  });

  it('never owns a telephone that has come back before it was certain that it had left', () => {
    const { owners, watch, overs } = watched();
    watch.listen();
    watch.onAri({ type: 'StasisStart', channel: channel('phone'), args: [] });
    watch.confirm();
    expect([owners.size, overs()]).toEqual([0, 1]);
  });

  it('looks for itself after events were missed', async () => {
    const { owners, results, there, watch } = watched();
    watch.listen();
    watch.confirm();
    watch.onAri(dial('phone', 'BUSY'));
    const [owner] = owners;
    owner?.onGap();
    await settle();
    expect(results).toEqual([]);
    there.clear();
    owner?.onGap();
    await settle();
    expect(results).toEqual(['BUSY']);
  });

  it('does not last for ever', async () => {
    const { clock, results, overs, watch } = watched();
    watch.listen();
    watch.confirm();
    await clock.advance(WATCH_MS_MAX);
    expect([results, overs(), clock.pendingTimers]).toEqual([[], 1, 0]);
  });
});
