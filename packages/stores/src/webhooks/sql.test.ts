import { webhookStoreConformance } from '@rapida/core/conformance';
import { createSqlCallStore } from '../calls/sql.js';
import { DRIVERS } from '../database/databases.test.helper.js';
import { createSqlWebhookStore } from './sql.js';

for (const [name, open] of DRIVERS) {
  webhookStoreConformance(name, async (newDeliveryId) => {
    const database = await open();
    return {
      store: createSqlWebhookStore(database),
      calls: createSqlCallStore(database, newDeliveryId),
      close: () => database.close(),
    };
  });
}
