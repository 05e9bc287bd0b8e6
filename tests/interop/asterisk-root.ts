import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { must, run } from './command.js';

/** Debian's unstable suite: the one that has Asterisk 22 with AudioSocket, chan_websocket and res_websocket_client. */
const SUITE = 'sid';
/** ca-certificates: the authorities that everybody trusts, and OpenSSL to make one that nobody does. */
const PACKAGES = 'asterisk,procps,ca-certificates';
const NEEDED_MODULES = ['app_audiosocket', 'chan_audiosocket', 'chan_websocket', 'res_websocket_client', 'func_curl'];
const BUILD_MS_MAX = 15 * 60_000;

const NEEDS = `The interop suite needs a real Asterisk 22. It either runs
  - as root on Debian (or a distribution with apt and mmdebstrap), with access to a Debian mirror: Asterisk is unpacked
    into a folder of its own and nothing but mmdebstrap is installed; or
  - in Docker: docker compose -f compose.asterisk.yaml run --rm interop`;

/** A folder with Asterisk in it, made when it is not there. Fails with what is needed where that cannot be done. */
export async function findOrMakeRoot(root: string, print: (line: string) => void): Promise<string> {
  if (process.getuid?.() !== 0) throw new Error(`not root.\n${NEEDS}`);
  if (!isRoot(root)) await makeRoot(root, print);
  const needed = [...NEEDED_MODULES.map((name) => join(modulesOf(root), `${name}.so`)), join(root, 'usr/bin/openssl')];
  const missing = needed.filter((file) => !existsSync(file));
  if (missing.length > 0) {
    throw new Error(`The root ${root} lacks ${missing.join(', ')}: remove the folder to have it made anew.\n${NEEDS}`);
  }
  // A fresh root knows no name at all, not even this one.
  const hosts = join(root, 'etc/hosts');
  if (!existsSync(hosts)) writeFileSync(hosts, '127.0.0.1 localhost\n');
  return root;
}

/** As the programs in the root see it. */
export function moduleFolder(root: string): string {
  return modulesOf(root).slice(root.length);
}

function isRoot(root: string): boolean {
  return existsSync(join(root, 'usr/sbin/asterisk')) && !existsSync(unfinished(root));
}

async function makeRoot(root: string, print: (line: string) => void): Promise<void> {
  if ((await run('mmdebstrap', ['--version'])).code !== 0) {
    if ((await run('apt-get', ['--version'])).code !== 0) throw new Error(`no mmdebstrap and no apt-get.\n${NEEDS}`);
    print('installing mmdebstrap ...');
    const installed = await run('apt-get', ['install', '-y', '--no-install-recommends', 'mmdebstrap'], BUILD_MS_MAX);
    if (installed.code !== 0) await must('apt-get', ['update'], BUILD_MS_MAX);
    if (installed.code !== 0) await must('apt-get', ['install', '-y', 'mmdebstrap'], BUILD_MS_MAX);
  }
  const mirror = ownMirror();
  print(`unpacking Asterisk from ${mirror ?? "Debian's own mirror"} into ${root} (once; a minute) ...`);
  // What a stopped run left behind is no root.
  if (existsSync(root) && !existsSync(unfinished(root)))
    throw new Error(`${root} is there, but is no root with Asterisk`);
  rmSync(root, { recursive: true, force: true });
  mkdirSync(dirname(root), { recursive: true });
  await must('touch', [unfinished(root)]);
  const options = [
    '--variant=apt',
    `--include=${PACKAGES}`,
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=APT::Install-Recommends "false"',
  ];
  const made = await run(
    'mmdebstrap',
    [...options, SUITE, root, ...(mirror === undefined ? [] : [mirror])],
    BUILD_MS_MAX,
  );
  if (made.code !== 0) throw new Error(`mmdebstrap failed:\n${made.output.slice(-3_000)}\n${NEEDS}`);
  rmSync(unfinished(root));
}

function unfinished(root: string): string {
  return `${root}.unfinished`;
}

/** Debian multi-arch: the folder has the name of the machine in it. */
function modulesOf(root: string): string {
  const machine = { x64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }[process.arch as string] ?? process.arch;
  return join(root, 'usr/lib', machine, 'asterisk/modules');
}

/** The mirror this machine uses itself; without one mmdebstrap takes Debian's own. */
function ownMirror(): string | undefined {
  for (const file of ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources']) {
    const text = existsSync(file) ? readFileSync(file, 'utf8').replaceAll(/^#.*$/gm, '') : '';
    const found = /https?:\/\/\S+\/debian\/?(?=\s)/.exec(text)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}
