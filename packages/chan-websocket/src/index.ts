export type { AsteriskBehaviour, AsteriskQueueCounters, AsteriskQueueOptions } from './asterisk-queue.js';
export { AsteriskQueue, QUEUE_FULL_FRAMES, XOFF_FRAMES, XON_FRAMES } from './asterisk-queue.js';
export type { ChanWebSocketClient, ChanWebSocketClientOptions, ChanWebSocketEnd } from './client.js';
export { connectChanWebSocket } from './client.js';
export type { HandshakeOutcome } from './client-handshake.js';
export type { ChanWebSocketClock } from './clock.js';
export type { Command, MediaDirection, ParsedCommand, PlainCommandName } from './commands.js';
export { COMMAND_BYTES_MAX, CORRELATION_ID_CHARS_MAX, formatCommand, parseCommand } from './commands.js';
export type { MediaConnectionOptions } from './connection.js';
export { MEDIA_CONNECTION_LIMITS, MediaConnection } from './connection.js';
export type {
  MediaConnectionCounters,
  MediaConnectionLimits,
  MediaConnectionListener,
  MediaEnd,
  MediaEndReason,
} from './connection-types.js';
export type { ContextIdOutcome } from './context-id.js';
export { CONTEXT_PATH, contextIdFrom } from './context-id.js';
export type { ChanWebSocketErrorCode } from './errors.js';
export { ChanWebSocketError } from './errors.js';
export { formatEvent } from './event-format.js';
export type {
  AsteriskEvent,
  ControlForm,
  CorrelatedEvent,
  DtmfEndEvent,
  ErrorEvent,
  MediaStartEvent,
  ParsedEvent,
  SignalEvent,
  StatusEvent,
} from './events.js';
export { EVENT_CHARS_MAX, parseEvent } from './events.js';
export type { MediaFormat } from './formats.js';
export { mediaFormat, SUPPORTED_FORMATS } from './formats.js';
export { MESSAGE_BYTES_MAX, wholeFrameMessages } from './framing.js';
export type { RefusalBody } from './refusal.js';
export { refuseUpgrade } from './refusal.js';
export type { DecideUpgrade, MediaUpgrader, UpgradeDecision, UpgradeLimits, UpgradeOutcome } from './upgrade.js';
export { createMediaUpgrader, UPGRADE_LIMITS } from './upgrade.js';
