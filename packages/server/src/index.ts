export { type ReplacedParts, type RunningServer, startServer } from './compose.js';
export { type ClientConfig, type Config, loadClientConfig, loadConfig } from './config.js';
export { exportTo, importFrom, type MigrateResult, type MoveResult, migrateDatabase } from './data-tools.js';
export {
  AUDIOSOCKET_PORT,
  BRANCHES,
  type ConfigurationFile,
  type DialplanRequest,
  type DialplanServer,
  type DialplanValues,
  FEATURES,
  type FeatureName,
  type GeneratedConfiguration,
  generateConfiguration,
  type MediaFormat,
  type MediaTransportName,
  parseServer,
  releasesTable,
} from './dialplan.js';
export { Incidents, openChain } from './engine-chains.js';
export { createLogger } from './logger.js';
export { serve } from './main.js';
export { createProviderSource } from './provider-source.js';
export { SETTINGS, type SettingKind, type SettingName } from './settings-catalogue.js';
