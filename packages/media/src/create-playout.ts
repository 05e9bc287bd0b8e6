import { createLocalPlayout } from './local-playout.js';
import type { MediaPlayout, PlayoutOptions } from './media-playout.js';
import { createPeerPlayout } from './peer-playout.js';

/** The playout for what the transport says about who paces. */
export function createPlayout(options: PlayoutOptions): MediaPlayout {
  return options.transport.pacing === 'local' ? createLocalPlayout(options) : createPeerPlayout(options);
}
