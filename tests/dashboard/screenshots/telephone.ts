import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServerUnderTest } from '../../interop/server-under-test.js';

/** From the compiled suite. */
const COMMAND = fileURLToPath(new URL('../../../../packages/cli/bin/rapida.js', import.meta.url));
const OUTPUT_CHARS_MAX = 20_000;

/** Calls as `rapida call` makes them: a telephone that speaks and listens. */
export class Telephone {
  readonly #server: ServerUnderTest;
  readonly #key: string;
  readonly #calls = new Set<ChildProcess>();

  constructor(server: ServerUnderTest, key: string) {
    this.#server = server;
    this.#key = key;
  }

  /** Rejects with what the command said where the call did not go as it should. */
  call(from: string, assistant: string, ...steps: readonly string[]): Promise<void> {
    const { host, audiosocketPort } = this.#server;
    const argv = ['call', '--from', from, '--assistant', assistant, '--audiosocket', `127.0.0.1:${audiosocketPort}`];
    const child = spawn(process.execPath, [COMMAND, ...argv, ...steps], {
      env: { PATH: process.env.PATH, RAPIDA_URL: `http://${host}`, RAPIDA_API_KEY: this.#key },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#calls.add(child);
    let output = '';
    const keep = (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return new Promise<void>((resolve, reject) => {
      child.once('close', (code, signal) => {
        this.#calls.delete(child);
        if (code === 0 || signal !== null) resolve();
        else reject(new Error(`rapida call ${steps.join(' ')}: exit ${code}\n${output}`));
      });
    });
  }

  /** Ends what still runs. */
  close(): void {
    for (const child of this.#calls) child.kill('SIGKILL');
  }
}
