import { apiKeyStoreConformance } from '@rapida/core/conformance';
import { DRIVERS, over } from '../database/databases.test.helper.js';
import { createSqlApiKeyStore } from './sql.js';

for (const [name, open] of DRIVERS) apiKeyStoreConformance(name, () => over(open, createSqlApiKeyStore));
