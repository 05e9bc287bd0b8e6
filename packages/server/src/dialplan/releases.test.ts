import { describe, expect, it } from 'vitest';
import { BRANCHES, NEWEST, parseRelease, releaseName, sinceText, supports } from './releases.js';
import { releasesTable } from './releases-table.js';

describe('parseRelease', () => {
  it('takes a branch as its newest release, and a release as it is', () => {
    expect(parseRelease('20')).toEqual(NEWEST[20].split('.').map(Number));
    expect(parseRelease('22.10')).toEqual([22, 10, 0]);
    expect(parseRelease('20.14.3')).toEqual([20, 14, 3]);
    expect(parseRelease('23.99')).toEqual([23, 99, 0]);
  });

  it.each(['', '15', '24', '22.', '22.10.1.1', 'v22', '22\n', '22;', '-22', 'certified/20.7'])('refuses %j', (text) => {
    expect(() => parseRelease(text)).toThrow('asterisk: accepted are 16, 17, 18, 19, 20, 21, 22, 23');
  });

  it('is written without a patch of nought', () => {
    expect(['22.10.0', '22.10.1', '16.0'].map(parseRelease).map(releaseName)).toEqual(['22.10', '22.10.1', '16.0']);
  });
});

describe('supports', () => {
  const can = (text: string, feature: Parameters<typeof supports>[1]) => supports(parseRelease(text), feature);

  it.each([
    ['20.15.9', '20.16.0', 'chanWebSocket'],
    ['21.10.2', '21.11.0', 'chanWebSocket'],
    ['22.5', '22.6', 'chanWebSocket'],
    ['20.13', '20.14', 'audiosocketReturns'],
    ['21.8', '21.9', 'audiosocketReturns'],
    ['22.3.0', '22.4.0', 'audiosocketReturns'],
    ['20.17', '20.18', 'jsonControl'],
    ['22.7', '22.8', 'jsonControl'],
    ['23.1', '23.2', 'jsonControl'],
    ['22.9', '22.10', 'audiosocketComfortNoise'],
    ['16.6', '16.7', 'curlHeader'],
    ['18.0', '18.1', 'curlFailureCodes'],
    ['22.1', '22.2', 'curlCaFile'],
  ] as const)('draws the line between %s and %s for %s', (before, first, feature) => {
    expect([can(before, feature), can(first, feature)]).toEqual([false, true]);
  });

  it('gives branches that ended what they never got to no release of theirs', () => {
    expect([can('18', 'audiosocketReturns'), can('21', 'jsonControl'), can('17', 'audiosocket')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('orders numbers, not texts', () => {
    expect(can('22.10', 'chanWebSocket')).toBe(true);
  });
});

it('says in words from where on', () => {
  expect(sinceText('chanWebSocket')).toBe('20.16, 21.11, 22.6 and 23.0');
});

it('has a column in the table for every branch', () => {
  const rows = releasesTable().split('\n');
  expect(rows[0]).toBe(`|  | ${BRANCHES.join(' | ')} |`);
  expect(new Set(rows.map((row) => row.split(' | ').length))).toEqual(new Set([BRANCHES.length + 1]));
  expect(rows).toContain(
    '| WebSocket channel (`chan_websocket`, `res_websocket_client`) | - | - | - | - | 20.16 | 21.11 | 22.6 | 23.0 |',
  );
});
