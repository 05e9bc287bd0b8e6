import { describe, expect, it } from 'vitest';
import { Admission } from './admission.js';
import { DEFAULT_LIMITS } from './limits.js';

const limits = { ...DEFAULT_LIMITS, connectionsMax: 4, connectionsPerAddressMax: 3, unidentifiedPerAddressMax: 2 };

describe('admission', () => {
  it('limits the connections that have not named a call, per address', () => {
    const admission = new Admission(limits);
    expect([admission.enter('a'), admission.enter('a'), admission.enter('a')]).toEqual([
      undefined,
      undefined,
      'too_many_unidentified',
    ]);
    expect(admission.enter('b')).toBeUndefined();
    admission.identify('a');
    expect(admission.enter('a')).toBeUndefined();
  });

  it('limits the connections of one address, and of all together', () => {
    const admission = new Admission(limits);
    for (let turn = 0; turn < 3; turn++) {
      expect(admission.enter('a')).toBeUndefined();
      admission.identify('a');
    }
    expect(admission.enter('a')).toBe('too_many_from_address');
    expect(admission.enter('b')).toBeUndefined();
    expect(admission.enter('c')).toBe('too_many_connections');
    admission.leave('a', 'identified');
    expect(admission.enter('c')).toBeUndefined();
  });

  it('keeps nothing for an address that has left', () => {
    const admission = new Admission(limits);
    admission.enter('a');
    admission.enter('a');
    admission.identify('a');
    admission.leave('a', 'identified');
    admission.leave('a', 'unidentified');
    admission.leave('a', 'unidentified');
    expect([admission.connections, admission.addresses]).toEqual([0, 0]);
  });
});
