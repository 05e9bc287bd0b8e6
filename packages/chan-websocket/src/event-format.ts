import { ChanWebSocketError } from './errors.js';
import type { AsteriskEvent, ControlForm } from './events.js';

/**
 * Writes an event as Asterisk 22.10 does. Plain text cannot carry channel variables (they are left out), nor a space inside a value
 * other than `errorText` and a correlation id: that throws `field_invalid`.
 */
export function formatEvent(event: AsteriskEvent, form: ControlForm): string {
  const fields = wireFields(event);
  if (form === 'json') return JSON.stringify({ event: event.event, ...fields });
  if ('correlationId' in event)
    return event.correlationId === '' ? event.event : `${event.event} ${event.correlationId}`;
  if ('digit' in event && event.channelId !== undefined) {
    return `DTMF_END digit:${event.digit} channel_id:${plainValue(event.channelId)}`;
  }
  // The three events without data are a bare word in plain text, without even the channel's id.
  if (!('errorText' in event || 'format' in event || 'queueLength' in event || 'digit' in event)) return event.event;
  let line: string = event.event;
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || typeof value === 'object') continue;
    line += ` ${name}:${name === 'error_text' ? value : plainValue(String(value))}`;
  }
  return line;
}

type WireFields = Record<string, string | number | boolean | Record<string, string> | undefined>;

/** In the order in which Asterisk writes them. */
function wireFields(event: AsteriskEvent): WireFields {
  const channel_id = event.channelId;
  switch (event.event) {
    case 'MEDIA_START':
      return {
        connection_id: event.connectionId,
        channel: event.channel,
        channel_id,
        format: event.format,
        optimal_frame_size: event.optimalFrameSize,
        ptime: event.ptimeMs,
        channel_variables: Object.fromEntries(event.channelVariables),
      };
    case 'STATUS':
      return {
        channel_id,
        queue_length: event.queueLength,
        xon_level: event.xonLevel,
        xoff_level: event.xoffLevel,
        queue_full: event.queueFull,
        bulk_media: event.bulkMedia,
        media_paused: event.mediaPaused,
      };
    case 'DTMF_END':
      return { channel_id, digit: event.digit };
    case 'MEDIA_BUFFERING_COMPLETED':
    case 'MEDIA_MARK_PROCESSED':
      return { channel_id, correlation_id: event.correlationId };
    case 'ERROR':
      return { channel_id, error_text: event.errorText };
    default:
      return { channel_id };
  }
}

function plainValue(value: string): string {
  if (/\s/.test(value)) throw new ChanWebSocketError('field_invalid', 'plain text cannot carry a space inside a value');
  return value;
}
