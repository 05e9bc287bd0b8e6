export type { AriAccess } from './access.js';
export type { AriBridge, AriChannel, AriDialplan, AriParty } from './channel.js';
export { createAriClient } from './client.js';
export type {
  AriClient,
  AriClientOptions,
  AriDestination,
  AriExternalMedia,
  AriInfo,
  AriModuleStatus,
  AriOriginate,
  ContinueAt,
} from './client-types.js';
export type { AriClock } from './clock.js';
export type { AriTechnology, EndpointParts } from './endpoint.js';
export { buildEndpoint, isDialableNumber, isTrunkName } from './endpoint.js';
export type { AriEvents, AriEventsOptions } from './event-stream.js';
export { connectAriEvents, EVENTS_BACKOFF_MS } from './event-stream.js';
export type { AriEventsCounters, AriEventsListener } from './event-stream-types.js';
export type { AriEvent } from './events.js';
export { parseAriEvent } from './events.js';
export type { AriFailure, AriFailureKind, AriResult } from './result.js';
