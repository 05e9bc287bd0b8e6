import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '@rapida/server';
import { describe, expect, it } from 'vitest';
import { run } from '../interop/command.js';
import { temporaryFolder } from '../server/support/command.js';
import { findOrInstall } from '../support/real-parts/installed.js';
import { AFTER_DRAIN_SECONDS, textOf } from './files.js';

const UNIT = textOf('deploy/systemd/rapida.service');
/** Of ten; what systemd itself calls well protected ends at 2. */
const EXPOSURE_MAX = 2;

const lineOf = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(UNIT)?.[1];

async function analyze(...argv: readonly string[]): Promise<string> {
  const find = () => (existsSync('/usr/bin/systemd-analyze') ? '/usr/bin/systemd-analyze' : undefined);
  const program = await findOrInstall({ name: 'systemd-analyze', debianPackage: 'systemd', find });
  const folder = await temporaryFolder();
  try {
    const file = join(folder.path, 'rapida.service');
    // The Node that is here: it is looked for.
    writeFileSync(file, UNIT.replace('/usr/bin/node', process.execPath));
    const { code, output } = await run(program, [...argv, file]);
    expect(code, output).toBe(0);
    return output;
  } finally {
    await folder.remove();
  }
}

describe('the unit for systemd', () => {
  it('has nothing in it that systemd does not know', async () => {
    expect(await analyze('verify', '--man=no')).toBe('');
  }, 60_000);

  it('protects the host from it', async () => {
    const said = await analyze('security', '--offline=true', `--threshold=${EXPOSURE_MAX * 10}`);
    expect(said).toMatch(/Overall exposure level .* OK/);
  }, 60_000);

  it('lets calls end before it is killed, and tells the server alone to drain', () => {
    const neededSeconds = Number(SETTINGS.DRAIN__TIMEOUT_SECONDS.standard) + AFTER_DRAIN_SECONDS;
    expect(Number(lineOf('TimeoutStopSec'))).toBeGreaterThanOrEqual(neededSeconds);
    expect(lineOf('KillMode')).toBe('mixed');
    expect(lineOf('KillSignal')).toBeUndefined();
  });

  it('starts again what crashed, and not what was told to stop', () => {
    expect(lineOf('Restart')).toBe('on-failure');
  });

  it('lets Node ask for the addresses of the host, without which it does not listen', () => {
    expect(lineOf('RestrictAddressFamilies')?.split(' ')).toContain('AF_NETLINK');
  });

  it('keeps its data where it may write, for nobody else', () => {
    expect(lineOf('Environment=DATA_DIR')).toBe(`/var/lib/${lineOf('StateDirectory')}`);
    expect([lineOf('ProtectSystem'), lineOf('StateDirectoryMode')]).toEqual(['strict', '0700']);
    expect([lineOf('DynamicUser'), lineOf('NoNewPrivileges')]).toEqual(['yes', 'yes']);
  });
});
