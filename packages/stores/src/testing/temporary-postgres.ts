import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TemporaryPostgres {
  readonly url: string;
  /** Ends all connections to it. */
  drop(): Promise<void>;
}

/**
 * An empty database on the PostgreSQL that `url` (`TEST_DATABASE_URL`) names. It orders text as people do, where PostgreSQL
 * can (15 and later): what relies on the order of bytes is found out.
 */
export async function temporaryPostgres(url = process.env.TEST_DATABASE_URL ?? ''): Promise<TemporaryPostgres> {
  const name = `rapida_test_${randomBytes(8).toString('hex')}`;
  await run(url, async (client) => {
    const make = `create database ${name} template template0 encoding 'UTF8'`;
    await client.query(`${make} locale_provider icu icu_locale 'en-US' locale 'C'`).catch(() => client.query(make));
  });
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    drop: () => run(url, (client) => client.query(`drop database if exists ${name} with (force)`)),
  };
}

async function run(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
