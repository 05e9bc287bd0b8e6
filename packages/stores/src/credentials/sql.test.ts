import { credentialStoreConformance } from '@rapida/core/conformance';
import { createSqlAssistantStore } from '../assistants/sql.js';
import { DRIVERS } from '../database/databases.test.helper.js';
import { createSqlCredentialStore } from './sql.js';

for (const [name, open] of DRIVERS) {
  credentialStoreConformance(name, async () => {
    const database = await open();
    return {
      store: createSqlCredentialStore(database),
      assistants: createSqlAssistantStore(database),
      close: () => database.close(),
    };
  });
}
