import { phoneDeploymentSchema } from '@rapida/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployCommand } from './deploy-command.js';
import { type ApiStandIn, startApiStandIn } from './testing/api-stand-in.js';
import { createTerminal, runCommandLine, type TerminalUnderTest } from './testing/command-under-test.js';

const BEFORE = phoneDeploymentSchema.parse({
  credentialId: '7',
  options: { phone: '+4930', context: 'old', trunk: 'first' },
  greeting: 'Hello.',
  retry: { attemptsMax: 3 },
  transferTargets: ['sales,100,1'],
});

let server: ApiStandIn;
let terminal: TerminalUnderTest;
beforeEach(async () => {
  server = await startApiStandIn();
  const assistant = { id: '12', name: 'Front desk', phoneDeployment: BEFORE };
  server.on('GET /v1/assistants', { body: { data: [assistant], nextCursor: null } });
  server.on('GET /v1/assistants/12', { body: assistant });
  server.on('GET /v1/credentials', { body: { data: [{ id: '8', name: 'my-pbx' }], nextCursor: null } });
  // As the server does: what is left out gets its default.
  server.on('PUT /v1/assistants/12/phone-deployment', ({ body }) => ({ body: phoneDeploymentSchema.parse(body) }));
  terminal = createTerminal();
});
afterEach(() => server.close());

const run = (...argv: string[]) => runCommandLine(deployCommand(terminal.print), argv, server.url);
const put = () => server.of('PUT /v1/assistants/12/phone-deployment');

async function deployed(...argv: string[]): Promise<unknown> {
  await run(...argv, '--json');
  return JSON.parse(terminal.printed.join('\n'));
}

describe('changes what is named and nothing else', () => {
  it.each([
    ['a credential by name', ['--credential', 'my-pbx'], { credentialId: '8' }],
    ['a credential by id', ['--credential', '9'], { credentialId: '9' }],
    ['no credential', ['--credential', ''], { credentialId: null }],
    ['off', ['--disable'], { enabled: false }],
    ['a phone', ['--phone', 'Desk <+49301>'], { options: { ...BEFORE.options, phone: 'Desk <+49301>' } }],
    ['ringing', ['--ring-seconds', '45'], { limits: { ...BEFORE.limits, ringMs: 45_000 } }],
    ['the length', ['--max-seconds', '600'], { limits: { ...BEFORE.limits, callMs: 600_000 } }],
    ['calls at once', ['--concurrent-calls', '3'], { limits: { ...BEFORE.limits, concurrentCalls: 3 } }],
    [
      'media',
      ['--media', 'websocket', '--format', 'ulaw'],
      { media: { ...BEFORE.media, transport: 'websocket', format: 'ulaw' } },
    ],
    [
      'transfer targets',
      ['--transfer-target', 'a,1,1', '--transfer-target', 'b,2,1'],
      { transferTargets: ['a,1,1', 'b,2,1'] },
    ],
    ['no transfer targets', ['--transfer-target', ''], { transferTargets: [] }],
  ])('%s', async (_what, options, change) => {
    expect(await deployed('Front desk', ...options)).toEqual({ ...BEFORE, ...change });
  });

  it('unsets with an empty text', async () => {
    const { trunk: _trunk, ...options } = BEFORE.options;
    expect(await deployed('--trunk', '')).toEqual({ ...BEFORE, options });
    expect(put()[0]?.body).not.toHaveProperty('options.trunk');
  });

  it('an application takes the place of the context', async () => {
    const { context: _context, ...options } = BEFORE.options;
    expect(await deployed('--app', 'mine')).toEqual({ ...BEFORE, options: { ...options, app: 'mine' } });
  });
});

it('shows what is set, and saves nothing, where nothing is named', async () => {
  await run();
  expect(put()).toEqual([]);
  expect(terminal.printed.join('\n')).toMatch(/^12 {2}Front desk {2}enabled\n {2}credential +7\n/);
  expect(terminal.printed.join('\n')).toContain('context old, extension s');
});

describe('refuses, naming the option, before anything is saved', () => {
  it.each([
    [['--phone', 'x;y'], '--phone: a number (digits, + * #), or Name <number>'],
    [['--trunk', 'a/b'], '--trunk: letters, digits, _ . and - only'],
    [['--technology', 'H323'], '--technology: '],
    [['--ring-seconds', '2'], /^--ring-seconds: .*5000 ms$/],
    [['--ring-seconds', 'long'], '--ring-seconds: accepted is a whole number'],
    [['--transfer-target', 'sales'], '--transfer-target: '],
    [['--enable', '--disable'], 'not both'],
    [['--app', 'a', '--context', 'c'], 'not both'],
    [['--credential', 'none'], 'there is no credential "none"'],
  ])('%j', async (options, message) => {
    await expect(run(...options)).rejects.toThrow(message);
    expect(put()).toEqual([]);
  });
});
