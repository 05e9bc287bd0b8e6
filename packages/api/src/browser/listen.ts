import type { ListeningUseCases, SoundStream } from '@rapida/calls';
import { type BrowserLink, FRAME_MS, isEntityId, RATE_HZ, RapidaError } from '@rapida/core';
import type { BrowserRoute } from './browser-upgrade.js';

/** Of each piece. */
const PIECE_MS = 100;

/** Both sides of a call that is held, wherever it is held. Who does not keep up loses sound, and the call never waits. */
export function listenRoute(listening: ListeningUseCases): BrowserRoute {
  return {
    pattern: /^\/v1\/calls\/([^/]+)\/listen$/,
    scopes: ['calls'],
    async prepare({ principal, id }) {
      if (!isEntityId(id)) throw new RapidaError('call_not_found');
      const sound = await listening.listen(principal.projectId, id);
      return { serve: (link) => serve(link, sound, id), abandon: () => sound.close() };
    },
  };
}

async function serve(link: BrowserLink, sound: SoundStream, callId: string): Promise<void> {
  const tell = (message: object): void => link.sendText(JSON.stringify(message));
  link.listen({ onBinary() {}, onText() {} });
  void link.closed.then(() => sound.close());
  tell({ type: 'started', callId, rateHz: RATE_HZ, frameMs: FRAME_MS, channels: ['caller', 'assistant'] });
  let lostMs = 0;
  const tellLost = (): void => {
    if (lostMs > 0) tell({ type: 'dropped', ms: lostMs });
    lostMs = 0;
  };
  for (;;) {
    const next = await sound.next();
    if (typeof next === 'string') {
      tellLost();
      return tell({ type: 'ended', reason: next });
    }
    if (link.sendBinary(next)) tellLost();
    else lostMs += PIECE_MS;
  }
}
