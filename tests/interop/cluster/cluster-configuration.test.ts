import { expect, it } from 'vitest';
import { REACHES, reachedBy } from './cluster-configuration.js';

const targets = [1, 2, 3].map((number) => ({
  ...{ host: '127.0.0.1', httpPort: 8_000 + number, audiosocketPort: 4_000 + number },
  ...{ assistantId: '7', apiKey: 'rpd-key' },
}));
const { context, files } = reachedBy(targets);
const text = (name: string): string => files[name] ?? '';
const sections = (name: string) => [...text(name).matchAll(/^\[([^\]]+)\]/gm)].map(([, section]) => section ?? '');

it('leads each number of the house to a context of its own', () => {
  const lines = text('extensions.conf').split('\n');
  const own = lines.slice(lines.indexOf(`[${context}]`) + 1, lines.indexOf(`[${context}]`) + 5);
  const led = own.map((line) => /^exten => (\d+),1,Goto\(([^,]+),/.exec(line)?.slice(1));
  expect(led.map((one) => one?.[0])).toEqual(Object.values(REACHES));
  for (const [, to] of led as [string, string][]) expect(sections('extensions.conf')).toContain(to);
});

it('names nothing twice where Asterisk would take the first one', () => {
  for (const name of ['extensions.conf', 'websocket_client.conf', 'modules.conf', 'chan_websocket.conf']) {
    expect(new Set(sections(name)).size, name).toBe(sections(name).length);
  }
});

it.each([
  ['rapida-audiosocket', [4_001, 4_002, 4_003]],
  ['rapida-audiosocket-second', [4_002, 4_003, 4_001]],
])('tries the nodes in the order of its number: %s', (name, ports) => {
  const start = text('extensions.conf').indexOf(`[${name}]`);
  const part = text('extensions.conf').slice(start).split('\n[')[0] ?? '';
  const tried = [...part.matchAll(/AudioSocket\([^)]*:(\d+)\)/g)].map(([, port]) => Number(port));
  // A call whose sound was lost may come back to each.
  expect(tried).toEqual([...ports, ...ports]);
});

it('has a section for each node in every order of them by WebSocket', () => {
  const uris = [...text('websocket_client.conf').matchAll(/^\[(.+)\]\n(?:.*\n)*?uri = \S+?:(\d+)/gm)];
  expect(uris.map(([, section, port]) => `${section} ${port}`)).toEqual([
    ...['rapida-1 8001', 'rapida-2 8002', 'rapida-3 8003'],
    ...['third-1 8003', 'third-2 8001', 'third-3 8002'],
  ]);
});
