import { appendFile, chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SpooledWrite, silentLogger, type Telemetry, type WriteSpool } from '@rapida/core';
import { writeSpoolConformance } from '@rapida/core/conformance';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileSpool } from './file.js';
import { SEGMENT_BYTES } from './segments.js';

const ROOM = 100 * SEGMENT_BYTES;
const open: WriteSpool[] = [];
const gauges = new Map<string, number>();
const lost = new Map<string, number>();
const telemetry: Telemetry = {
  count: (name, labels = {}, by = 1) => void lost.set(`${name}{${labels.operation}}`, by),
  gauge: (name, value) => void gauges.set(name, value),
  observe() {},
};

async function openIn(folder: string, bytesMax = ROOM): Promise<WriteSpool> {
  const spool = await openFileSpool({ folder, bytesMax, logger: silentLogger, telemetry });
  open.push(spool);
  return spool;
}

const temporary = () => mkdtemp(join(tmpdir(), 'rapida-spool-'));

writeSpoolConformance('the spool in files', async () => {
  const folder = await temporary();
  const spool = await openIn(folder);
  const reopened = async () => {
    await spool.close();
    return openIn(folder);
  };
  return { spool, reopened, remove: () => rm(folder, { recursive: true }) };
});

function anEvent(id: string, text = ''): SpooledWrite {
  const args: [string, { type: string; atMs: number; data: { text: string } }] = [
    '7',
    { type: 'x', atMs: 1, data: { text } },
  ];
  return { id, atMs: 1, write: { operation: 'appendEvent', args }, mayBeStored: false };
}

function aTurn(id: string, text: string): SpooledWrite {
  const turn = { role: 'user', text, startMs: 0, endMs: 1, interrupted: false, metrics: {} } as const;
  return { id, atMs: 1, write: { operation: 'addTurn', args: ['7', turn] }, mayBeStored: false };
}

describe('the spool in files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporary();
    gauges.clear();
    lost.clear();
  });
  afterEach(async () => {
    for (const spool of open.splice(0)) await spool.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function drained(spool: WriteSpool): Promise<string[]> {
    const ids = [];
    for (let first = await spool.first(); first !== undefined; first = await spool.first()) {
      ids.push(first.id);
      await spool.removeFirst();
    }
    return ids;
  }

  it('is for the eyes of its owner only', async () => {
    await chmod(folder, 0o755);
    const spool = await openIn(folder);
    await spool.add(anEvent('a'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const [name = ''] = await readdir(folder);
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
  });

  it('has on the disk what it has taken, before anybody closes it', async () => {
    const spool = await openIn(folder);
    expect(await spool.add(anEvent('a'))).toBe(true);
    // Another process would find it: nothing was closed.
    expect(await drained(await openIn(folder))).toEqual(['a']);
  });

  it('removes its files as they are given away, and keeps the order over many of them', async () => {
    const spool = await openIn(folder);
    const text = 'x'.repeat(SEGMENT_BYTES / 4);
    const ids = Array.from({ length: 20 }, (_, n) => `${n}`);
    for (const id of ids) await spool.add(anEvent(id, text));
    expect((await readdir(folder)).length).toBeGreaterThan(3);
    expect(gauges.get('rapida_spool_bytes')).toBeGreaterThan(20 * text.length);
    expect(gauges.get('rapida_spool_entries')).toBe(20);
    expect(await drained(spool)).toEqual(ids);
    expect(await readdir(folder)).toEqual([]);
    expect(gauges.get('rapida_spool_bytes')).toBe(0);
    expect(gauges.get('rapida_spool_entries')).toBe(0);
  });

  it('goes on where its process was killed: a line that was cut off is counted, all others are there', async () => {
    const first = await openIn(folder);
    for (const id of ['a', 'b']) await first.add(anEvent(id));
    const [name = ''] = await readdir(folder);
    await appendFile(join(folder, name), '{"id":"c","atMs":1,"operation":"appendEv');
    const second = await openIn(folder);
    expect(lost.get('rapida_spool_lost_total{unreadable}')).toBe(1);
    expect(second.entries).toBe(2);
    await second.add(anEvent('d'));
    expect(await drained(second)).toEqual(['a', 'b', 'd']);
  });

  it('gives again what was not removed from a file that was given in part', async () => {
    const first = await openIn(folder);
    for (const id of ['a', 'b']) await first.add(anEvent(id));
    await first.first();
    await first.removeFirst();
    // The store knows the first one by its id.
    expect(await drained(await openIn(folder))).toEqual(['a', 'b']);
  });

  it('leaves alone what is not its own', async () => {
    await writeFile(join(folder, 'notes.txt'), 'mine');
    await writeFile(
      join(folder, '00000001.jsonl'),
      'null\n[]\n{"id":1}\n{"id":"a","atMs":1,"operation":"get","args":["7"]}\n',
    );
    const spool = await openIn(folder);
    expect(await drained(spool)).toEqual([]);
    expect(lost.get('rapida_spool_lost_total{unreadable}')).toBe(4);
    expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  it('is bounded, and keeps the last tenth of its room for what is no turn', async () => {
    const spool = await openIn(folder, 10_000);
    let turns = 0;
    while (await spool.add(aTurn(`t${turns}`, 'x'.repeat(900)))) turns++;
    expect(turns).toBe(8);
    expect(await spool.add(anEvent('e', 'x'.repeat(900)))).toBe(true);
    expect(await spool.add(anEvent('f', 'x'.repeat(1_900)))).toBe(false);
    expect(gauges.get('rapida_spool_bytes')).toBeLessThanOrEqual(10_000);
    await drained(spool);
    expect(await spool.add(aTurn('again', 'x'.repeat(900)))).toBe(true);
  });

  it('takes what comes at once with few waits for the disk, and counts it against its room', async () => {
    const spool = await openIn(folder, 10_000);
    const taken = await Promise.all(Array.from({ length: 50 }, (_, n) => spool.add(anEvent(`${n}`, 'x'.repeat(900)))));
    expect(taken.filter(Boolean).length).toBeGreaterThan(8);
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(10);
    expect(gauges.get('rapida_spool_bytes')).toBeLessThanOrEqual(10_000);
  });

  it('says so where the disk takes nothing, and takes again when it does', async () => {
    const spool = await openIn(folder);
    await rm(folder, { recursive: true });
    expect(await spool.add(anEvent('a'))).toBe(false);
    expect(spool.holds('7')).toBe(false);
    expect(spool.entries).toBe(0);
    await openIn(folder);
    expect(await spool.add(anEvent('b'))).toBe(true);
    expect(await drained(spool)).toEqual(['b']);
  });
});
