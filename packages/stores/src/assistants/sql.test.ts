import { assistantStoreConformance } from '@rapida/core/conformance';
import { DRIVERS, over } from '../database/databases.test.helper.js';
import { createSqlAssistantStore } from './sql.js';

for (const [name, open] of DRIVERS) assistantStoreConformance(name, () => over(open, createSqlAssistantStore));
