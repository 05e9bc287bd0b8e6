import type { AriEvent } from '@rapida/ari';
import type { Clock } from '@rapida/core';
import type { AsteriskLink } from './asterisk-link.js';

/** Whoever has not answered by then has answered for us never: a queue may hold a caller for an hour. */
export const WATCH_MS_MAX = 15 * 60_000;

/**
 * Sees what becomes of a telephone that has left us for another place in the dialplan. The target may dial one after the
 * other: an answer is told at once, a failure when the telephone is gone and it was the last word.
 */
export interface TransferWatch {
  /** Words of `Dial()` count from now on: those before were of the media's own. */
  listen(): void;
  /** The caller is handed over: from now on the channel's events come here, and what is seen is told. */
  confirm(): void;
  /** Until it is confirmed its events have to be handed on by whoever owns the channel. */
  onAri(event: AriEvent): void;
  /** Nobody is to be told any more. Idempotent. */
  drop(): void;
}

export interface TransferWatchParts {
  readonly link: AsteriskLink;
  readonly channelId: string;
  readonly clock: Clock;
  /** Called at most once. */
  readonly onResult: (dialstatus: string) => void;
  readonly onOver: () => void;
}

export function createTransferWatch({ link, channelId, clock, onResult, onOver }: TransferWatchParts): TransferWatch {
  let phase: 'idle' | 'listening' | 'confirmed' | 'over' = 'idle';
  let last = '';
  let isGone = false;
  let isBack = false;
  let disown = (): void => {};
  const timer = clock.setTimer(WATCH_MS_MAX, () => finish('tell'));

  function finish(how: 'tell' | 'drop'): void {
    if (phase === 'over') return;
    phase = 'over';
    timer.cancel();
    disown();
    // Asterisk forgets what was asked for a channel together with the channel.
    if (!isGone) void link.client.unsubscribe(link.app, `channel:${channelId}`);
    if (how === 'tell' && last !== '') onResult(last);
    onOver();
  }

  function onStatus(dialstatus: string): void {
    if (phase === 'idle' || dialstatus === '' || PROGRESS.includes(dialstatus)) return;
    last = dialstatus;
    if (phase === 'confirmed' && last === 'ANSWER') finish('tell');
  }

  function onAri(event: AriEvent): void {
    if (event.type === 'Dial') {
      if (event.caller?.id === channelId) onStatus(event.dialstatus);
      return;
    }
    if (!('channel' in event) || event.channel.id !== channelId) return;
    switch (event.type) {
      case 'ChannelVarset':
        if (event.variable === 'DIALSTATUS') onStatus(event.value);
        return;
      case 'ChannelDestroyed':
        isGone = true;
        if (phase === 'confirmed') finish('tell');
        return;
      case 'StasisStart':
        // It comes back, maybe before it is certain that it left: what happens to it now is another call's.
        isBack = phase !== 'idle';
        if (phase === 'confirmed') finish('tell');
    }
  }

  async function inspect(): Promise<void> {
    const found = await link.client.channel(channelId);
    if (!found.ok || found.value !== undefined) return;
    isGone = true;
    finish('tell');
  }

  return {
    listen() {
      if (phase === 'idle') phase = 'listening';
    },
    confirm() {
      if (phase === 'over') return;
      phase = 'confirmed';
      if (isGone || isBack || last === 'ANSWER') return finish('tell');
      disown = link.own({ channelIds: [channelId], watches: true, onAri, onGap: () => void inspect() });
    },
    onAri,
    drop: () => finish('drop'),
  };
}

const PROGRESS: readonly string[] = ['RINGING', 'PROGRESS', 'PROCEEDING'];
