import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must, run } from '../interop/command.js';

/** What the examples are run with: the program to look for, and Debian's package. */
const NEEDS = [
  { what: 'python3', package: 'python3', there: () => succeeds(PYTHON, ['--version']) },
  { what: 'grpcio for python3', package: 'python3-grpcio', there: () => succeeds(PYTHON, ['-c', 'import grpc']) },
  {
    what: 'protobuf for python3',
    package: 'python3-protobuf',
    there: () => succeeds(PYTHON, ['-c', 'import google.protobuf']),
  },
  { what: 'protoc', package: 'protobuf-compiler', there: () => succeeds('protoc', ['--version']) },
  {
    what: "Google's .proto files",
    package: 'libprotobuf-dev',
    there: () => succeeds('protoc', [`--proto_path=${PROTO}`, '--descriptor_set_out=/dev/null', 'common.proto']),
  },
  { what: 'go', package: 'golang-go', there: () => succeeds('go', ['version']) },
  { what: 'curl', package: 'curl', there: () => succeeds('curl', ['--version']) },
] as const;

/** Debian's own: another one on the PATH does not see Debian's packages. */
export const PYTHON = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
const PROTO = join(dirname(fileURLToPath(import.meta.resolve('@rapida/api'))), '../proto');
const INSTALL_MS_MAX = 15 * 60_000;

async function succeeds(file: string, args: readonly string[]): Promise<boolean> {
  return (await run(file, args)).code === 0;
}

async function missing() {
  const found = await Promise.all(NEEDS.map(async (need) => ({ need, isThere: await need.there() })));
  return found.filter(({ isThere }) => !isThere).map(({ need }) => need);
}

/** Rejects with one line that names what is missing, where it cannot be installed. */
export async function installNeeds(print: (line: string) => void): Promise<void> {
  const wanted = await missing();
  if (wanted.length === 0) return;
  const packages = wanted.map((need) => need.package);
  const text = `the examples cannot be run without ${wanted.map(({ what }) => what).join(', ')}`;
  const canInstall = process.getuid?.() === 0 && (await succeeds('apt-get', ['--version']));
  if (!canInstall) throw new Error(`${text}; on Debian: apt-get install ${packages.join(' ')}`);
  print(`installing ${packages.join(' ')} ...`);
  const install = ['install', '-y', '--no-install-recommends', ...packages];
  if ((await run('apt-get', install, INSTALL_MS_MAX)).code !== 0) {
    await must('apt-get', ['update'], INSTALL_MS_MAX);
    await must('apt-get', install, INSTALL_MS_MAX);
  }
  const still = await missing();
  if (still.length > 0) throw new Error(`${text}, although apt-get has installed ${packages.join(' ')}`);
}
