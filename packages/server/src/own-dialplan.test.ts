import { expect, it } from 'vitest';
import { loadConfig } from './config.js';
import { ownDialplan, PLACEHOLDER_KEY } from './own-dialplan.js';

const WANTED = {
  assistantId: '7',
  asterisk: '22',
  transport: 'audiosocket',
  direction: 'inbound',
  layout: 'asterisk',
} as const;
const write = (environment: Record<string, string> = {}) =>
  ownDialplan(loadConfig(environment, '/nowhere'), () => ({ http: 18_080, audiosocket: 14_573 }));
const textOf = ({ files }: ReturnType<ReturnType<typeof write>>) => files.map(({ text }) => text).join('\n');

it('leads to the ports that were bound, and to the host that the setting names', () => {
  expect(textOf(write()(WANTED))).toContain('http://localhost:18080/v1/talk/asterisk');
  expect(textOf(write()(WANTED))).toContain('localhost:14573');
  const named = textOf(write({ PUBLIC_ASSISTANT_HOST: 'ai.example.com:8080' })(WANTED));
  expect(named).toContain('http://ai.example.com:8080/v1/talk/asterisk');
  expect(named).toContain('/call/7?');
});

it('has no key, and the password of the ARI user only where calls go out, another one each time', () => {
  expect(textOf(write()(WANTED))).toContain(PLACEHOLDER_KEY);
  const passwords = [1, 2].map(
    () => /^ *password *= *(.+)$/m.exec(textOf(write()({ ...WANTED, direction: 'both' })))?.[1],
  );
  expect(passwords[0]).toMatch(/^[\w-]{32}$/);
  expect(passwords[1]).not.toBe(passwords[0]);
});
