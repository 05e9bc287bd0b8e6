import { projectStoreConformance } from '@rapida/core/conformance';
import { DRIVERS, over } from '../database/databases.test.helper.js';
import { createSqlProjectStore } from './sql.js';

for (const [name, open] of DRIVERS) projectStoreConformance(name, () => over(open, createSqlProjectStore));
