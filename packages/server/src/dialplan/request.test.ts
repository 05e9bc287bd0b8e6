import { RapidaError } from '@rapida/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateConfiguration } from './generate.js';
import { type DialplanRequest, type DialplanServer, parseServer } from './request.js';

const SERVER: DialplanServer = { host: 'ai.example.com', audiosocketPort: 4573, assistantId: '42', apiKey: 'rpd-key' };
const REQUEST: DialplanRequest = { transport: 'websocket', direction: 'both', scheme: 'https', servers: [SERVER] };

describe('parseServer', () => {
  it.each([
    ['ai', { host: 'ai', httpPort: undefined, audiosocketPort: 4573 }],
    ['ai:8080', { host: 'ai', httpPort: 8080, audiosocketPort: 4573 }],
    ['ai/5000', { host: 'ai', httpPort: undefined, audiosocketPort: 5000 }],
    ['10.0.0.1:8080/5000', { host: '10.0.0.1', httpPort: 8080, audiosocketPort: 5000 }],
    ['[2001:db8::1]:8080/5000', { host: '[2001:db8::1]', httpPort: 8080, audiosocketPort: 5000 }],
  ])('reads %s', (text, server) => {
    expect(parseServer(text)).toEqual(server);
  });

  it.each([
    '',
    ':8080',
    'ai:',
    'ai:0',
    'ai:65536',
    'ai/0',
    'ai:8080/5000/1',
    '::1',
    'http://ai',
    'a b',
    'a,b',
    'ai\n',
    '-ai',
  ])('refuses %j, and says how it is written', (text) => {
    expect(() => parseServer(text)).toThrow('accepted is host[:http port][/audiosocket port]');
  });
});

describe('what could mean something else in a dialplan', () => {
  const HOSTILE = [
    '',
    ' ',
    'a b',
    'a,b',
    'a;b',
    'a\nb',
    'a\r\n[x]',
    'a)',
    'a(',
    '$X',
    '{X}',
    'a|b',
    'a&b',
    'a"b',
    "a'b",
    'a\\b',
    'a]',
    'a=b',
    'a?b',
    'a#b',
    'ä',
    'a\0',
  ];
  const places: Record<string, (text: string) => DialplanRequest> = {
    host: (host) => ({ ...REQUEST, servers: [{ ...SERVER, host }] }),
    assistant: (assistantId) => ({ ...REQUEST, servers: [{ ...SERVER, assistantId }] }),
    key: (apiKey) => ({ ...REQUEST, servers: [{ ...SERVER, apiKey }] }),
    'second server': (host) => ({ ...REQUEST, servers: [SERVER, { ...SERVER, host }] }),
    ca: (text) => ({ ...REQUEST, caFile: `/${text}` }),
    'ari password': (ariPassword) => ({ ...REQUEST, ariPassword }),
  };

  it.each(Object.entries(places))('is refused as %s', (_place, at) => {
    for (const text of HOSTILE) {
      expect(() => generateConfiguration(at(text)), JSON.stringify(text)).toThrow(/: accepted is /);
    }
  });

  it('is refused or harmless, whatever it is: a dialplan only ever gains letters, digits and . _ ~ - [ ] : /', () => {
    const shape = (request: DialplanRequest) =>
      generateConfiguration(request).files.map(({ text }) => text.replaceAll(/[A-Za-z0-9._~:[\]/-]/g, ''));
    const plain = Object.fromEntries(Object.entries(places).map(([place, at]) => [place, shape(at('1'))]));
    const word = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a1.,;\n)({}$[]~-_/:"') }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(places)), word, (place, text) => {
        const request = places[place]?.(text) ?? REQUEST;
        try {
          expect(shape(request)).toEqual(plain[place]);
        } catch (error) {
          if (!(error instanceof RapidaError)) throw error;
        }
      }),
    );
  });

  it('does not repeat a key that it refuses', () => {
    const request = { ...REQUEST, servers: [{ ...SERVER, apiKey: 'secret secret' }] };
    expect(() => generateConfiguration(request)).toThrow(/^key: accepted is letters, digits and \. _ ~ -$/);
  });
});

describe('a request', () => {
  it.each(['transport', 'direction', 'scheme', 'keyIn', 'format', 'control', 'layout'])(
    'refuses another %s',
    (name) => {
      expect(() => generateConfiguration({ ...REQUEST, [name]: 'other' })).toThrow(`${name}: accepted is `);
    },
  );

  it('has 1 to 8 servers', () => {
    expect(() => generateConfiguration({ ...REQUEST, servers: [] })).toThrow('servers: accepted is 1 to 8');
    expect(() => generateConfiguration({ ...REQUEST, servers: Array(9).fill(SERVER) })).toThrow('1 to 8');
  });

  it('needs an assistant and a key for calls that come in, and neither for calls that are placed', () => {
    const servers = [{ host: 'ai', audiosocketPort: 4573 }];
    expect(() => generateConfiguration({ ...REQUEST, servers })).toThrow('assistant: accepted is');
    expect(generateConfiguration({ ...REQUEST, direction: 'outbound', servers }).files).not.toEqual([]);
  });

  it('refuses an assistant beyond 64 bits', () => {
    const servers = [{ ...SERVER, assistantId: '18446744073709551616' }];
    expect(() => generateConfiguration({ ...REQUEST, servers })).toThrow('assistant: accepted is');
  });

  it('refuses different keys in headers, because a channel cannot drop a header, and takes them in URLs', () => {
    const servers = [SERVER, { ...SERVER, host: 'other', apiKey: 'rpd-other' }];
    expect(() => generateConfiguration({ ...REQUEST, servers })).toThrow('CURLOPT(httpheader) can hold one key');
    const [dialplan] = generateConfiguration({ ...REQUEST, servers, keyIn: 'url' }).files;
    const asked = dialplan?.text.split('\n').filter((line) => line.includes('/call/')) ?? [];
    expect(asked.map((line) => /x-api-key=(rpd-\w+)/.exec(line)?.[1])).toEqual([
      // The first is asked for a call; the second to take one up, or for one; then each once more to take one up.
      ...['rpd-key', 'rpd-other', 'rpd-other', 'rpd-key', 'rpd-other'],
    ]);
  });
});
