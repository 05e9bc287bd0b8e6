import { chownSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from '../../interop/command.js';
import { findOrInstall } from '../../support/real-parts/installed.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ASSEMBLE_MS_MAX = 300_000;
const SETPRIV = '/usr/bin/setpriv';
/** As the image has them; `image.test.ts` compares. */
export const IMAGE = { user: 10_001, folder: '/opt/rapida', home: '/var/lib/rapida' } as const;
const COMMAND = `${IMAGE.folder}/packages/cli/bin/rapida.js`;

/** What `deploy/docker/assemble.sh` makes of the compiled sources. */
export async function assemble(target: string): Promise<void> {
  await must('sh', [join(ROOT, 'deploy/docker/assemble.sh'), ROOT, target], ASSEMBLE_MS_MAX);
}

/**
 * The command in a file system that is like the image's: Debian's `/usr`, Node, and the folder, all of it read-only, with one
 * folder to write to. Where we are root it runs as the user of the image, without any capability.
 */
export class Sandbox {
  readonly #program: string;
  readonly #runtime: string;
  readonly #home: string;

  private constructor(program: string, runtime: string, home: string) {
    this.#program = program;
    this.#runtime = runtime;
    this.#home = home;
  }

  static async make(runtime: string, home: string): Promise<Sandbox> {
    const find = () => ['/usr/bin/bwrap', '/usr/local/bin/bwrap'].find((file) => existsSync(file));
    const program = await findOrInstall({ name: 'bubblewrap', debianPackage: 'bubblewrap', find });
    mkdirSync(home);
    if (isRoot()) chownSync(home, IMAGE.user, IMAGE.user);
    return new Sandbox(program, runtime, home);
  }

  /** Program and arguments of `rapida <argv>` in there. */
  command(argv: readonly string[], environment: Readonly<Record<string, string>>): readonly [string, string[]] {
    const system = ['--ro-bind', '/usr', '/usr', ...links('bin', 'lib', 'lib64'), '--proc', '/proc', '--dev', '/dev'];
    const ours = ['--ro-bind', this.#runtime, IMAGE.folder, '--ro-bind', process.execPath, '/opt/node'];
    const written = ['--bind', this.#home, IMAGE.home];
    const files = [...system, ...readable('/opt', '/var', '/var/lib'), ...ours, ...written, '--remount-ro', '/'];
    const settings = { NODE_ENV: 'production', DATA_DIR: `${IMAGE.home}/data`, ...environment };
    const set = Object.entries(settings).flatMap(([name, value]) => ['--setenv', name, value]);
    const rest = ['--clearenv', ...set, '--chdir', IMAGE.home, '--die-with-parent', '--'];
    return [this.#program, [...files, ...rest, ...asUser(), '/opt/node', COMMAND, ...argv]];
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function asUser(): string[] {
  if (!isRoot()) return [];
  const user = [`--reuid=${IMAGE.user}`, `--regid=${IMAGE.user}`, '--clear-groups'];
  return [SETPRIV, ...user, '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'];
}

function links(...names: readonly string[]): string[] {
  return names.flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
}

/** Those that bubblewrap makes for what is bound below them are for root alone. */
function readable(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => ['--perms', '0755', '--dir', folder]);
}
