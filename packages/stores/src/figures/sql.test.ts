import { figuresStoreConformance } from '@rapida/core/conformance';
import { VirtualClock } from '@rapida/core/testing';
import { expect, it } from 'vitest';
import { callsOf, DRIVERS } from '../database/databases.test.helper.js';
import { openEmbedded } from '../database/embedded.js';
import { watchPlans } from '../database/plans.test.helper.js';
import { createSqlFiguresStore } from './sql.js';

for (const [name, open] of DRIVERS) {
  figuresStoreConformance(name, async () => {
    const database = await open();
    return { store: createSqlFiguresStore(database), calls: callsOf(database), close: () => database.close() };
  });
}

it('are read from the calls of their stretch and no others', async () => {
  const database = await openEmbedded({ file: ':memory:', clock: new VirtualClock() });
  const watched = watchPlans(database);
  await createSqlFiguresStore(watched.database).ofCalls('1', 5, 6, 10);
  expect((await watched.plan()).join()).toMatch(/SEARCH calls USING INDEX \w+ \(project_id=\? AND created_at_ms>\?/);
  await database.close();
});
