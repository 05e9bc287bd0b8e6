import { callStoreConformance } from '@rapida/core/conformance';
import { DRIVERS, over } from '../database/databases.test.helper.js';
import { createSqlCallStore } from './sql.js';

for (const [name, open] of DRIVERS) callStoreConformance(name, () => over(open, createSqlCallStore));
