import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { must } from '../interop/command.js';
import { temporaryFolder } from '../server/support/command.js';
import { callById, originates } from '../server/support/outbound.js';
import { PYTHON } from './needs.js';
import { ROOT, type RunningExample, startExample } from './support/example.js';
import { ANSWERS, BUSY, startTelephoneSystem, type TelephoneSystem } from './support/telephone-system.js';

let system: TelephoneSystem;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
  // `go build -C` is of Go 1.20.
  await must('sh', ['-c', `cd '${join(ROOT, 'examples/go')}' && go vet . && go build -o '${program()}' .`], 120_000);
  system = await startTelephoneSystem();
});
afterAll(async () => {
  await system.close();
  await folder.remove();
});

const program = (): string => join(folder.path, 'place-call');

interface Placing {
  readonly name: string;
  /** The program, and how the number is given to it. */
  readonly command: (to: string) => readonly [string, ...string[]];
  /** Lines of states have the reason behind them. */
  readonly tellsReason: boolean;
}

const EXAMPLES: readonly Placing[] = [
  {
    name: 'TypeScript',
    command: (to) => [process.execPath, 'examples/typescript/dist/place-call.js', '--to', to],
    tellsReason: true,
  },
  {
    name: 'Python over REST',
    command: (to) => [PYTHON, 'examples/python/place_call.py', '--to', to],
    tellsReason: true,
  },
  {
    name: 'Python over gRPC',
    command: (to) => [PYTHON, 'examples/python/place_call_grpc.py', '--to', to],
    tellsReason: false,
  },
  { name: 'Go', command: (to) => [program(), '-to', to], tellsReason: true },
  { name: 'cURL', command: (to) => ['examples/curl/place-call.sh', to], tellsReason: true },
];

describe.each(EXAMPLES)('$name', ({ command, tellsReason }) => {
  function place(to: string, environment: Readonly<Record<string, string>> = {}): RunningExample {
    const [file, ...args] = command(to);
    const { server, key, assistantId } = system;
    const grpc = `127.0.0.1:${server.server.grpcPort}`;
    const access = { RAPIDA_URL: server.url, RAPIDA_GRPC: grpc, RAPIDA_API_KEY: key, RAPIDA_ASSISTANT_ID: assistantId };
    return startExample({ file, args, environment: { ...access, ...environment } });
  }

  it('places a call, tells its states, and ends with 0 when it was completed', async () => {
    const { lines, finished } = place(ANSWERS);
    const id = await vi.waitFor(
      () => {
        expect(lines().at(-1)).toBe('connected');
        return /^call ([0-9]+)$/.exec(lines()[0] ?? '')?.[1] ?? '';
      },
      { timeout: 30_000 },
    );
    const callee = await system.callee(id);
    callee.hangup();
    const { code, stderr, stdout } = await finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(tellsReason ? 'completed: caller_hangup' : 'completed');
    expect(await callById(system.server.api, id)).toMatchObject({ state: 'completed', to: ANSWERS, from: '+4930' });
  });

  it('ends with 1 where the call came to nothing', async () => {
    const before = originates(system.pbx).length;
    const { code, stderr, stdout } = await place(BUSY).finished;
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(tellsReason ? /\nbusy: busy\n$/ : /\nbusy\n$/);
    expect(originates(system.pbx)).toHaveLength(before + 1);
  });

  it.each([
    ['a key that is wrong', { RAPIDA_API_KEY: 'rpd-wrong-and-secret' }, 'key_invalid'],
    ['an assistant that there is not', { RAPIDA_ASSISTANT_ID: '1' }, 'assistant_not_found'],
  ])('says why it failed, with %s', async (_what, environment, why) => {
    const { code, stderr, stdout } = await place(BUSY, environment).finished;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^place[-_]call/);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('and-secret');
  });

  it('says that nobody answers', async () => {
    const nobody = { RAPIDA_URL: 'http://127.0.0.1:1', RAPIDA_GRPC: '127.0.0.1:1' };
    const { code, stdout, stderr } = await place(BUSY, nobody).finished;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/place[-_]call|curl/);
  });

  it.each(['RAPIDA_API_KEY', 'RAPIDA_ASSISTANT_ID'])('says that %s is missing, and how it is used', async (name) => {
    const { code, stdout, stderr } = await place(BUSY, { [name]: '' }).finished;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`missing: .*${name}`));
    expect(stderr).toMatch(/usage|Environment/);
  });

  it('says how it is used', async () => {
    const [file, first = '', ...rest] = command(BUSY);
    const isScript = rest.length > 0 && !first.startsWith('-');
    const { code, stdout, stderr } = await startExample({
      ...{ file, args: isScript ? [first, '--help'] : ['--help'], environment: {} },
    }).finished;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('RAPIDA_API_KEY');
  });
});
