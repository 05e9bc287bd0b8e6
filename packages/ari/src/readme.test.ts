import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HandClock } from './hand-clock.test.support.js';
import { EventLog } from './lab.test.support.js';
import { callOnce } from './readme.test.support.js';
import { createFakeAri } from './testing/index.js';

it('the README shows the example that is run here', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const example = readFileSync(new URL('./readme.test.support.ts', import.meta.url), 'utf8');
  // The formatter wraps the import, which is longer with the package's name, so that is left out.
  expect(readme).toContain(`${example.slice(example.indexOf('/**'))}\`\`\`\n`);
  expect(readme).toContain("} from '@rapida/ari';");
});

it.each([
  ['100', 'demo-100 ended with cause 16'],
  ['200', 'demo-200 ended with cause 17'],
])('the example of the README calls %s: %s', async (number, ending) => {
  const clock = new HandClock();
  const fake = await createFakeAri({ clock, user: 'demo', password: 'secret' });
  fake.phone('200', { outcome: 'busy' });
  const access = { url: fake.url, user: 'demo', password: () => 'secret' };
  const log = new EventLog();
  const events = callOnce(access, clock, number, (line) => log.push(line));
  await log.seen(ending);
  await events.close();
  await fake.close();
  expect(log.lines).toEqual([ending]);
});
