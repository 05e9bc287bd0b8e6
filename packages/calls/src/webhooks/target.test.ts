import type { LookupAddress } from 'node:dns';
import { RapidaError } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTarget, type Lookup } from './target.js';

const PUBLIC: LookupAddress = { address: '93.184.216.34', family: 4 };

const found =
  (...addresses: LookupAddress[]): Lookup =>
  async () =>
    addresses;
const notAsked: Lookup = () => Promise.reject(new Error('no test asks'));

async function refusalOf(url: string, lookup: Lookup = notAsked): Promise<string> {
  const refusal = await checkTarget(url, { allowPrivate: false, lookup }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(refusal, url).toBeInstanceOf(RapidaError);
  expect((refusal as RapidaError).code).toBe('webhook_target_refused');
  return (refusal as RapidaError).message;
}

describe('the target of a webhook', () => {
  it('may be any public host at any port, and is what was found', async () => {
    const asked: string[] = [];
    const lookup: Lookup = async (hostname) => {
      asked.push(hostname);
      return [PUBLIC, { address: '2606:4700::1', family: 6 }];
    };
    const url = 'https://hooks.example.com:8443/rapida?key=1';
    const target = await checkTarget(url, { allowPrivate: false, lookup });
    expect(target.url.href).toBe(url);
    expect(target.addresses).toEqual([PUBLIC, { address: '2606:4700::1', family: 6 }]);
    expect(asked).toEqual(['hooks.example.com']);
  });

  it('may be a public address, which is asked of no name server', async () => {
    const rules = { allowPrivate: false, lookup: notAsked };
    expect((await checkTarget('http://93.184.216.34/', rules)).addresses).toEqual([PUBLIC]);
    const six = await checkTarget('http://[2606:4700:0::1]/', rules);
    expect(six.addresses).toEqual([{ address: '2606:4700::1', family: 6 }]);
  });

  it.each([
    ['ftp://example.com/', /neither http nor https/],
    ['file:///etc/passwd', /neither http nor https/],
    ['unix:/var/run/docker.sock', /neither http nor https/],
    ['https://user@example.com/', /user or a password/],
    ['https://:secret@example.com/', /user or a password/],
    ['example.com/hook', /cannot be read/],
    ['', /cannot be read/],
    ['http://', /cannot be read/],
    [`https://example.com/${'x'.repeat(2_048)}`, /more than 2048 characters/],
  ])('is not %.40s', async (url, why) => {
    expect(await refusalOf(url)).toMatch(why);
  });

  it('is refused in every way in which the address of this machine can be written', async () => {
    const ways = [
      '127.0.0.1',
      '127.1',
      '0177.0.0.1',
      '0x7f.0.0.1',
      '0x7f000001',
      '2130706433',
      '127.0.0.1.',
      '①②⑦.⓪.⓪.①',
      '%31%32%37.0.0.1',
      '0',
      '[::1]',
      '[::]',
      '[0:0:0:0:0:0:0:1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
    ];
    for (const host of ways) expect(await refusalOf(`http://${host}:8080/`)).toContain('not on the public internet');
  });

  it('is refused as any number that an address of a private network can be written as', async () => {
    const part = fc.integer({ min: 0, max: 255 });
    await fc.assert(
      fc.asyncProperty(part, part, part, fc.constantFrom(8, 10, 16), async (b, c, d, radix) => {
        const prefix = { 8: '0', 10: '', 16: '0x' }[radix];
        const number = ((10 * 256 + b) * 256 + c) * 256 + d;
        expect(await refusalOf(`http://${prefix}${number.toString(radix)}/`)).toContain(`10.${b}.${c}.${d}`);
      }),
      { numRuns: 100 },
    );
  });

  it('is refused where one of several addresses is not public', async () => {
    const lookup = found(PUBLIC, { address: '2606:4700::1', family: 6 }, { address: '10.0.0.7', family: 4 });
    const message = await refusalOf('https://user-made.example.com/secret-path', lookup);
    expect(message).toContain('user-made.example.com');
    expect(message).toContain('private');
    expect(message).toContain('WEBHOOKS__ALLOW_PRIVATE');
  });

  it('tells of the host alone, not of the rest nor of the addresses behind it', async () => {
    const lookup = found({ address: '10.20.30.40', family: 4 });
    const message = await refusalOf('https://intern.example.com:9000/token-abc?key=def#ghi', lookup);
    for (const told of ['10.20.30.40', 'token-abc', 'def', 'ghi', '9000']) expect(message).not.toContain(told);
  });

  it('is refused where the host is not found, or the answer is no address', async () => {
    expect(await refusalOf('https://nowhere.example/', found())).toContain('no address: nowhere.example');
    const failing: Lookup = () => Promise.reject(new Error('SERVFAIL of 10.0.0.53'));
    expect(await refusalOf('https://nowhere.example/', failing)).not.toContain('10.0.0.53');
    expect(await refusalOf('https://odd.example/', found({ address: 'odd', family: 4 }))).toContain('unreadable');
  });

  it('may be anywhere where private addresses are allowed, but still has its form', async () => {
    const rules = { allowPrivate: true, lookup: found({ address: '127.0.0.1', family: 4 }) };
    for (const url of ['http://127.0.0.1:1/', 'http://[::1]/', 'http://169.254.169.254/', 'http://receiver/']) {
      expect((await checkTarget(url, rules)).addresses).toHaveLength(1);
    }
    await expect(checkTarget('gopher://127.0.0.1/', rules)).rejects.toMatchObject({ code: 'webhook_target_refused' });
    await expect(checkTarget('http://a:b@127.0.0.1/', rules)).rejects.toMatchObject({ code: 'webhook_target_refused' });
  });
});
