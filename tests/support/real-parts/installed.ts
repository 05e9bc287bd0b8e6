import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { run } from '../../interop/command.js';

const INSTALL_MS_MAX = 10 * 60_000;
/** Debian asks this script before it starts a service; 101 is "no". */
const POLICY = '/usr/sbin/policy-rc.d';

interface Wanted {
  /** As people call it. */
  readonly name: string;
  /** Debian's package with it. */
  readonly debianPackage: string;
  /** The setting that names a running one instead; undefined where a test needs one of its own. */
  readonly setting?: string;
  /** Where it is installed, if it is. */
  find(): string | undefined;
}

/** Installs a Debian package and says what went wrong, if anything did. */
type Install = (debianPackage: string) => Promise<string>;

/** Where the server's programs are; as root on Debian they are installed first. Fails with one line that says what to do. */
export async function findOrInstall(wanted: Wanted, installer = debianInstaller): Promise<string> {
  const { name, debianPackage, setting, find } = wanted;
  const found = find();
  if (found !== undefined) return found;
  const named = setting === undefined ? '' : `, or name a running one with ${setting}`;
  const otherwise = `install it (Debian: ${debianPackage})${named}`;
  const install = await installer();
  if (install === undefined) throw new Error(`The tests need ${name}, which is not installed: ${otherwise}.`);
  const said = await install(debianPackage);
  const installed = find();
  if (installed !== undefined) return installed;
  throw new Error(`The tests need ${name}, and it could not be installed (${said}): ${otherwise}.`);
}

async function debianInstaller(): Promise<Install | undefined> {
  const isRootOnDebian = process.getuid?.() === 0 && (await run('apt-get', ['--version'])).code === 0;
  return isRootOnDebian ? install : undefined;
}

/** Its services are not started. */
async function install(debianPackage: string): Promise<string> {
  const isOurs = !existsSync(POLICY);
  if (isOurs) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // Only the `env` of this command: a question of debconf would wait for somebody at the terminal.
    const apt = (args: readonly string[]) =>
      run(
        'env',
        ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=120', ...args],
        INSTALL_MS_MAX,
      );
    const args = ['install', '-y', '--no-install-recommends', debianPackage];
    // The lists may be old or absent: only then are they fetched.
    if ((await apt(args)).code === 0) return 'apt-get was content';
    await apt(['update']);
    const { code, output } = await apt(args);
    return code === 0 ? 'apt-get was content' : (output.trim().split('\n').at(-1) ?? `exit ${code}`);
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}
