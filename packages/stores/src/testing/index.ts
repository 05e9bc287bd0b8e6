export { type LinkedWires, linkedWires } from './linked-wires.js';
export { type TemporaryPostgres, temporaryPostgres } from './temporary-postgres.js';
