import { passwordStoreConformance } from '@rapida/core/conformance';
import { DRIVERS, over } from '../database/databases.test.helper.js';
import { createSqlPasswordStore } from './sql.js';

for (const [name, open] of DRIVERS) passwordStoreConformance(name, () => over(open, createSqlPasswordStore));
