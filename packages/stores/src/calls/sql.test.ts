import { callStoreConformance } from '@rapida/core/conformance';
import { callsOf, DRIVERS, over } from '../database/databases.test.helper.js';

for (const [name, open] of DRIVERS) callStoreConformance(name, () => over(open, callsOf));
