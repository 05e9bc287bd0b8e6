/** A door of its own: a server with the embedded database does not load the driver. */
export { openPostgres, type PostgresOptions, whereIs } from './database/postgres.js';
export { postgresSchema } from './database/postgres-schema.js';
