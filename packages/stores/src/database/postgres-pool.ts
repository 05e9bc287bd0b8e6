import { type Logger, RapidaError } from '@rapida/core';
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import pg from 'pg';
import { storable } from './parameters.js';

export interface PoolLimits {
  /** Connections at once. */
  readonly connectionsMax: number;
  /** Who may wait for one of them; more are refused at once. */
  readonly waitersMax: number;
  /** How long: for a free connection, and for a new one to be there. */
  readonly connectMsMax: number;
  /** One statement, by the server's own clock. */
  readonly statementMsMax: number;
  /** Its wait for a row that another transaction holds. */
  readonly lockMsMax: number;
  /** Between two statements of a transaction: a node that died without a word holds its rows no longer. */
  readonly pauseMsMax: number;
}

/**
 * Ten nodes fit into the 100 connections that PostgreSQL takes by default. A statement of ours takes a few ms; the times are
 * there for a server that hangs, and end before whoever asked over HTTP has given up.
 */
export const POOL_LIMITS: PoolLimits = {
  ...{ connectionsMax: 8, waitersMax: 1_000 },
  ...{ connectMsMax: 2_000, statementMsMax: 5_000, lockMsMax: 2_000, pauseMsMax: 10_000 },
};

/** The server ends a statement itself; only where it does not even say so is the connection given up, this much later. */
const SILENCE_MS = 1_000;
const IDLE_CONNECTION_MS_MAX = 30_000;

export interface BoundedPool extends PostgresPool {
  /** Gives no more connections. Resolves when who had asked before has one, or has waited too long. */
  refuse(): Promise<void>;
}

/** Connections to PostgreSQL as kysely wants them. A lost one is replaced with the next statement: nothing has to be restarted. */
export function postgresPool(url: string, limits: PoolLimits, logger: Logger): BoundedPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'rapida',
    max: limits.connectionsMax,
    connectionTimeoutMillis: limits.connectMsMax,
    idleTimeoutMillis: IDLE_CONNECTION_MS_MAX,
    statement_timeout: limits.statementMsMax,
    lock_timeout: limits.lockMsMax,
    query_timeout: limits.statementMsMax + SILENCE_MS,
    idle_in_transaction_session_timeout: limits.pauseMsMax,
    keepAlive: true,
  });
  // A connection in a transaction may end between two statements, when nobody listens to it: the next one fails of itself.
  pool.on('connect', (client) => client.on('error', () => {}));
  // One that was idle: the pool has thrown it away already.
  pool.on('error', (error) => logger.warn({ code: codeOf(error) }, 'a connection to the database was lost'));
  const asked = new Set<Promise<pg.PoolClient>>();
  let isRefusing = false;
  return {
    async connect() {
      if (isRefusing) throw new RapidaError('store_failed', 'The database is closed.');
      if (pool.waitingCount >= limits.waitersMax) {
        throw new RapidaError('store_failed', `${limits.waitersMax} wait for the database already.`);
      }
      const connecting = pool.connect();
      asked.add(connecting);
      try {
        return checked(await connecting);
      } finally {
        asked.delete(connecting);
      }
    },
    async refuse() {
      isRefusing = true;
      await Promise.allSettled(asked);
    },
    end: () => pool.end(),
  };
}

/** Parameters as SQLite would take them, errors that quote no values; a connection of which nobody knows what it does now is closed. */
function checked(client: pg.PoolClient): PostgresPoolClient {
  let isBroken = false;
  async function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    // It is closed when it is given back, which undoes all; a server that is silent would only be waited for once more.
    if (isBroken && sql === 'rollback') return { command: 'SELECT', rowCount: 0, rows: [] };
    const values = storable(parameters);
    try {
      return (await client.query(sql, values)) as unknown as PostgresQueryResult<R>;
    } catch (error) {
      // The server's own word ends a statement and leaves the connection as it was; all else (silence, a lost one) does not.
      if (error instanceof pg.DatabaseError) withoutValues(error);
      else isBroken = true;
      throw error;
    }
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release(isBroken) };
}

/** What a row would have held is for nobody's log. */
function withoutValues(error: pg.DatabaseError): void {
  error.detail = undefined;
  error.where = undefined;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
