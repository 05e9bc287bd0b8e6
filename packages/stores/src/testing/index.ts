export { type TemporaryPostgres, temporaryPostgres } from './temporary-postgres.js';
