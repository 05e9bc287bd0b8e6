import { sessionStoreConformance } from '@rapida/core/conformance';
import { createSqlApiKeyStore } from '../api-keys/sql.js';
import { DRIVERS } from '../database/databases.test.helper.js';
import { createSqlSessionStore } from './sql.js';

for (const [name, open] of DRIVERS) {
  sessionStoreConformance(name, async () => {
    const database = await open();
    const keys = createSqlApiKeyStore(database);
    return {
      store: createSqlSessionStore(database),
      async addKey(id, projectId) {
        const key = { id, projectId, name: 'pbx', scopes: ['calls'] as const, prefix: 'rpd-', createdAtMs: 1 };
        await keys.create({ ...key, revokedAtMs: null }, `hash of ${id}`);
        return async () => void (await keys.revoke(projectId, id, 2));
      },
      close: () => database.close(),
    };
  });
}
