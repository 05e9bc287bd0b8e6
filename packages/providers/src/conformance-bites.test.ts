import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { startVitest } from 'vitest/node';

/**
 * A suite that cannot fail promises nothing. Here it runs against vendors that break their promises, in a run of its own, and the
 * promises that must fall are named; those about closing hold whatever a vendor says.
 */
const FALLEN = [
  'gives no final for a dropped segment',
  'gives one final for a segment, with what was said',
  'gives one final for every segment, in order, an empty one for an empty segment',
  'keeps two streams of one engine apart',
  'takes other hints between two segments',
];

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Names of the tests that failed, by suite. */
const failed = new Map<string, string[]>();
let passed = 0;

beforeAll(async () => {
  const exitCode = process.exitCode;
  const include = ['packages/providers/src/testing/broken-promises.ts'];
  const run = await startVitest('test', [], { root, include, watch: false, reporters: [{}] });
  for (const test of run.state.getTestModules().flatMap((module) => [...module.children.allTests()])) {
    const suite = test.fullName.split(' > ')[0] ?? '';
    if (test.result().state === 'passed') passed++;
    else failed.set(suite, [...(failed.get(suite) ?? []), test.name]);
  }
  await run.close();
  process.exitCode = exitCode;
}, 60_000);

describe('the conformance of recognisers', () => {
  it.each([
    'SpeechToText: a vendor that hears something else',
    'SpeechToText: a vendor that hears nothing',
    'SpeechToText: a vendor that refuses every commit',
  ])('catches, by name, the promises that are broken by "%s"', (suite) => {
    expect(failed.get(suite)?.sort()).toEqual(FALLEN);
  });

  it('catches a vendor that fails where it should answer', () => {
    expect(failed.get('SpeechToText: a vendor that fails')).toEqual(expect.arrayContaining(FALLEN));
  });

  it('holds the other promises', () => {
    expect(passed).toBeGreaterThan(20);
  });
});
