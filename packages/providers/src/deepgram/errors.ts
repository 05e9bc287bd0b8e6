import { RapidaError, type Secret } from '@rapida/core';
import { quote } from '../wire/vendor-errors.js';
import type { VendorMessage } from '../wire/vendor-session.js';

/** The failure behind a message of type `Error` inside a stream (`description`, `message`, `variant`). */
export function streamedError({ description, message }: VendorMessage, apiKey: Secret | undefined): RapidaError {
  const said = typeof description === 'string' ? description : message;
  const quoted = typeof said === 'string' ? quote(said, apiKey) : '';
  return new RapidaError(
    'provider_unavailable',
    quoted === '' ? 'Deepgram ended the stream' : `Deepgram ended the stream: ${quoted}`,
  );
}
