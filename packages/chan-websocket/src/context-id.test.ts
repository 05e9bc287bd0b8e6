import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextIdFrom } from './context-id.js';

const ID = '6f0cbb30-7b0f-4c3e-8d5d-1f6f1a0c9a11';
const OTHER = '00000000-0000-0000-0000-000000000001';
const BASE = '/v1/talk/asterisk/ctx';

describe('the context id of a request', () => {
  it.each([
    ['in the path', `${BASE}/${ID}`],
    ['in the path, in capitals', `${BASE}/${ID.toUpperCase()}`],
    ['in the query', `${BASE}?contextId=${ID}`],
    ['in the query among others', `${BASE}?x-api-key=k%26&contextId=${ID}&y=`],
    ['percent-encoded in the query', `${BASE}?contextId=${ID.replaceAll('-', '%2D')}`],
    ['in the query, which wins over the path', `${BASE}/${OTHER}?contextId=${ID}`],
    ['twice the same in the query', `${BASE}?contextId=${ID}&contextId=${ID}`],
    ['in the path, with an empty one in the query', `${BASE}/${ID}?contextId=`],
    ['in the query behind a bare slash', `${BASE}/?contextId=${ID}`],
  ])('is found %s', (_where, target) => {
    expect(contextIdFrom(target)).toEqual({ ok: true, contextId: ID });
  });

  it.each([
    ['context_id_missing', BASE],
    ['context_id_missing', `${BASE}/`],
    ['context_id_missing', `${BASE}?contextId=`],
    ['context_id_invalid', `${BASE}/${ID}/more`],
    ['context_id_invalid', `${BASE}/${ID.replaceAll('-', '')}`],
    ['context_id_invalid', `${BASE}?contextId=${ID}&contextId=${OTHER}`],
    ['context_id_invalid', `${BASE}/${ID}?contextId=nonsense`],
    ['context_id_invalid', `${BASE}?contextId=%E0%A4%A`],
    ['path_unknown', `${BASE}x/${ID}`],
    ['path_unknown', `//host${BASE}/${ID}`],
    ['path_unknown', '*'],
    ['path_unknown', ''],
    ['path_unknown', `${BASE}?contextId=${ID}&pad=${'x'.repeat(2048)}`],
  ])('is %s in %s', (code, target) => {
    expect(contextIdFrom(target)).toEqual({ ok: false, code });
  });

  it('is never a throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        expect(typeof contextIdFrom(`${BASE}${rest}`).ok).toBe('boolean');
      }),
    );
  });
});
