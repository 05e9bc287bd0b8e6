import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, silentLogger } from '@rapida/core';
import { VirtualClock } from '@rapida/core/testing';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHECKPOINT_INTERVAL_MS, createCheckpointer, DEATHS_MAX, type Folded } from './checkpointer.js';
import { temporaryFolder } from './databases.test.helper.js';
import { openEmbedded } from './embedded.js';

type Level = 'debug' | 'warn' | 'error';

/** Keeps what is logged, and lets a test wait for the next line: the thread's answers show nowhere else. */
class LogLines {
  readonly #lines: (readonly [level: Level, fields: object])[] = [];
  #arrived: (() => void) | undefined;
  readonly logger: Logger = {
    ...silentLogger,
    debug: (fields) => this.#add('debug', fields),
    warn: (fields) => this.#add('warn', fields),
    error: (fields) => this.#add('error', fields),
  };

  async next(): Promise<readonly [level: Level, fields: object]> {
    while (this.#lines.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    return this.#lines.shift()!;
  }

  async nextFolded(): Promise<Folded> {
    const [level, fields] = await this.next();
    expect(level).toBe('debug');
    return fields as Folded;
  }

  #add(level: Level, fields: object): void {
    this.#lines.push([level, fields]);
    this.#arrived?.();
  }
}

let folder: string;
let file: string;
let clock: VirtualClock;
let lines: LogLines;
beforeEach(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'rapida.db');
  clock = new VirtualClock();
  lines = new LogLines();
});
afterEach(() => rm(folder, { recursive: true }));

async function open() {
  const database = await openEmbedded({ file, clock, logger: lines.logger });
  return {
    ...database,
    /** Some two pages of log each. */
    write: async (count: number) => {
      for (let n = 0; n < count; n++) {
        await sql`insert into projects (id, name, created_at_ms) values (hex(randomblob(10)), ${'x'.repeat(5_000)}, 0)`.execute(
          database.kysely,
        );
      }
    },
  };
}

/** A connection whose last statement the collector has taken removes its log when it closes; else the log stays, empty. */
async function logBytes(): Promise<number> {
  return existsSync(`${file}-wal`) ? (await stat(`${file}-wal`)).size : 0;
}

/** What is in the file itself, as if the log beside it were lost. */
async function projectsInFile(): Promise<number> {
  const copy = join(folder, 'copy.db');
  await copyFile(file, copy);
  const alone = new Libsql(copy);
  const row = alone.prepare("select count(*) as n from sqlite_schema where name = 'projects'").get() as { n: number };
  const count = row.n === 0 ? 0 : (alone.prepare('select count(*) as n from projects').get() as { n: number }).n;
  alone.close();
  return count;
}

describe('folding the log', () => {
  it('happens on another thread, once within the interval after a write', async () => {
    const { write, close } = await open();
    await write(3);
    await clock.advance(CHECKPOINT_INTERVAL_MS - 1);
    expect(await projectsInFile()).toBe(0);
    await clock.advance(1);
    const folded = await lines.nextFolded();
    expect(folded.log).toBeGreaterThan(0);
    expect(folded).toEqual({ busy: 0, log: folded.log, checkpointed: folded.log });
    expect(await projectsInFile()).toBe(3);
    await write(4);
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    await lines.nextFolded();
    expect(await projectsInFile()).toBe(7);
    await close();
  });

  it('lets the log begin anew, so that it does not grow with what is written', async () => {
    const { write, close } = await open();
    const sizes = [];
    for (let round = 0; round < 4; round++) {
      await write(20);
      await clock.advance(CHECKPOINT_INTERVAL_MS);
      await lines.nextFolded();
      sizes.push((await stat(`${file}-wal`)).size);
    }
    expect(sizes[3]).toBeLessThan(sizes[0]! * 2);
    await close();
  });

  it('is not done by writes, not even beyond the 1000 pages at which SQLite would', async () => {
    const { kysely, write, close } = await open();
    const before = await readFile(file);
    await write(600);
    expect((await stat(`${file}-wal`)).size).toBeGreaterThan(1_000 * 4_096);
    expect(await readFile(file)).toEqual(before);
    expect((await sql`pragma wal_autocheckpoint`.execute(kysely)).rows).toEqual([{ wal_autocheckpoint: 20_000 }]);
    await close();
  });

  it('is asked for only when something was written', async () => {
    const { kysely, write, close } = await open();
    await kysely.selectFrom('projects').selectAll().execute();
    expect(clock.pendingTimers).toBe(0);
    await write(2);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    await lines.nextFolded();
    expect(clock.pendingTimers).toBe(0);
    await close();
  });

  it('is asked for again by what is written while it happens', async () => {
    const { write, close } = await open();
    await write(1);
    const advancing = clock.advance(CHECKPOINT_INTERVAL_MS);
    await write(1);
    await advancing;
    await lines.nextFolded();
    await write(1);
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    await lines.nextFolded();
    expect(await projectsInFile()).toBe(3);
    await close();
  });

  it('is left alone in memory', async () => {
    file = ':memory:';
    const { write, close } = await open();
    await write(1);
    expect(clock.pendingTimers).toBe(0);
    await close();
    file = join(folder, 'rapida.db');
  });
});

describe('closing', () => {
  it('cancels the timer, folds the rest itself and empties the log, twice too', async () => {
    const { write, close } = await open();
    await write(5);
    await Promise.all([close(), close()]);
    await close();
    expect(clock.pendingTimers).toBe(0);
    expect(await projectsInFile()).toBe(5);
    expect(await logBytes()).toBe(0);
  });

  it('ends the thread in the middle of its work without a word', async () => {
    const { write, close } = await open();
    await write(50);
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    await close();
    expect(clock.pendingTimers).toBe(0);
    expect(await projectsInFile()).toBe(50);
    expect(await logBytes()).toBe(0);
  });

  it('makes later writes no reason to start again', async () => {
    const checkpointer = createCheckpointer({ file, clock, logger: lines.logger });
    await checkpointer.close();
    checkpointer.wrote();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a thread that dies', () => {
  it('is restarted with the next interval and does what was left', async () => {
    file = join(folder, 'later', 'rapida.db');
    const checkpointer = createCheckpointer({ file, clock, logger: lines.logger });
    checkpointer.wrote();
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    expect(await lines.next()).toEqual(['warn', { file, err: expect.any(Error) }]);
    await mkdir(join(folder, 'later'));
    const { close } = await openEmbedded({ file, clock });
    await clock.advance(CHECKPOINT_INTERVAL_MS);
    expect(await lines.nextFolded()).toMatchObject({ busy: 0 });
    await checkpointer.close();
    await close();
  });

  it(`is given up after ${DEATHS_MAX} deaths in a row, with one line for each`, async () => {
    await writeFile(file, 'This is a letter, not a database. '.repeat(100));
    const checkpointer = createCheckpointer({ file, clock, logger: lines.logger });
    checkpointer.wrote();
    const levels = [];
    for (let death = 0; death < DEATHS_MAX; death++) {
      await clock.advance(CHECKPOINT_INTERVAL_MS);
      levels.push((await lines.next())[0]);
    }
    expect(levels).toEqual([...Array.from({ length: DEATHS_MAX - 1 }, () => 'warn'), 'error']);
    checkpointer.wrote();
    expect(clock.pendingTimers).toBe(0);
    await checkpointer.close();
  });
});
