export { type ConfigurationFile, type GeneratedConfiguration, generateConfiguration } from './dialplan/generate.js';
export {
  BRANCHES,
  FEATURES,
  type FeatureName,
  NEWEST,
  parseRelease,
  sinceText,
  supports,
} from './dialplan/releases.js';
export { releasesTable } from './dialplan/releases-table.js';
export {
  AUDIOSOCKET_PORT,
  type DialplanRequest,
  type DialplanServer,
  type MediaFormat,
  type MediaTransportName,
  parseServer,
} from './dialplan/request.js';

/** What a dialplan needs to know of this server. */
export interface DialplanValues {
  /** host[:port] of HTTP. */
  readonly publicHost: string;
  readonly scheme: 'http' | 'https';
  readonly audiosocketPort: number;
  readonly assistantId: string;
  readonly apiKey: string;
}
