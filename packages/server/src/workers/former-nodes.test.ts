import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectWorkers, formerNodeIds, nodeIdsOf, rememberWorkers } from './former-nodes.js';

let folder: string;
let data: { readonly workers: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rapida-test-'));
  data = { workers: join(folder, 'workers') };
});
afterEach(() => rmSync(folder, { recursive: true }));

it('one process has the name of the node, several have it with a number', () => {
  expect(nodeIdsOf('pbx', 1)).toEqual(['pbx']);
  expect(nodeIdsOf('pbx', 3)).toEqual(['pbx-w1', 'pbx-w2', 'pbx-w3']);
});

it('where there was one process before, or nothing, workers end the calls of that one', () => {
  expect(formerNodeIds(data, 'pbx', 2)).toEqual(['pbx']);
  expect(formerNodeIds(data, 'pbx', 1)).toEqual([]);
});

it('where there were more workers, those that will not come again are former ones', () => {
  rememberWorkers(data, 4);
  expect(formerNodeIds(data, 'pbx', 2)).toEqual(['pbx', 'pbx-w3', 'pbx-w4']);
  expect(formerNodeIds(data, 'pbx', 1)).toEqual(['pbx-w1', 'pbx-w2', 'pbx-w3', 'pbx-w4']);
  rememberWorkers(data, 1);
  expect(formerNodeIds(data, 'pbx', 1)).toEqual([]);
});

it('a start that does not come to its end forgets nobody', () => {
  rememberWorkers(data, 4);
  expectWorkers(data, 2);
  expect(formerNodeIds(data, 'pbx', 2)).toEqual(['pbx', 'pbx-w3', 'pbx-w4']);
  expectWorkers(data, 6);
  expect(formerNodeIds(data, 'pbx', 5)).toEqual(['pbx', 'pbx-w6']);
});

it('a file that says nothing is one process', () => {
  writeFileSync(data.workers, 'many\n');
  expect(formerNodeIds(data, 'pbx', 2)).toEqual(['pbx']);
});
