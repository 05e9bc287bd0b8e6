import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as audio from './index.js';

it('prints what the README says it prints', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, code = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
  const [, names = '', body = ''] = /^import (\{.*?\}) from '@rapida\/audio';\n(.*)$/s.exec(code) ?? [];
  const [, promised = 'nothing is promised'] = /console\.log\(.*\); \/\/ (.*)\n/.exec(body) ?? [];
  const printed: string[] = [];
  const run = new Function('audio', 'console', `const ${names} = audio;\n${body}`);
  run(audio, { log: (...values: unknown[]) => printed.push(values.join(' ')) });
  expect(printed).toEqual([promised]);
});
