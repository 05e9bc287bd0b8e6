import { type AudioSocketServer, createAudioSocketServer } from '@rapida/audiosocket';
import type { MediaUseCases } from '@rapida/calls';
import type { Clock, Logger, Telemetry } from '@rapida/core';
import { createAudioSocketTransport } from '@rapida/media';

/** Phase 2 over AudioSocket: every connection that names a call is given to that call, or sent away with 0x00. */
export function createAudioSocketDoor(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly media: MediaUseCases;
}): AudioSocketServer {
  const { clock, logger, telemetry, media } = deps;
  return createAudioSocketServer({
    clock,
    onConnection(connection) {
      const transport = createAudioSocketTransport(connection, { clock });
      // `claim` logs and counts a refusal; neither promise rejects for a reason of the peer.
      media
        .claim(connection.contextId, 'audiosocket', connection.remoteAddress)
        .then((claim) => (claim.ok ? media.attach(claim.context, transport) : transport.hangup()))
        .catch((error: unknown) => {
          logger.error({ err: error }, 'an AudioSocket connection could not be given to its call');
          transport.hangup();
        });
    },
    onRefused({ reason, detail, remoteAddress }) {
      // Asterisk connects and leaves without a word when the channel is not answered.
      if (reason === 'no_frame') return logger.debug({ remoteAddress }, 'an AudioSocket connection said nothing');
      telemetry.count('rapida_media_refused_total', { transport: 'audiosocket', code: reason });
      logger.warn({ reason, detail, remoteAddress }, 'an AudioSocket connection was refused');
    },
  });
}
