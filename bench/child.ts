import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of its own, so that its CPU and memory are its own too. It answers one question at a time. */
export interface Child {
  /** Rejects when the process ends instead of answering. */
  ask<Answer>(question: string): Promise<Answer>;
  /** Ends the process. Idempotent. */
  stop(): Promise<void>;
}

/** What the process has used. `memory` is the same after a garbage collection. */
export interface Usage {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** JavaScript objects and what they hold outside of the heap: buffers. */
  readonly heapBytes: number;
}

/** Starts `file` (relative to here, compiled) with a plan that survives JSON, and waits for what it says when it is ready. */
export async function startChild<Ready>(file: string, plan: object): Promise<Child & { readonly ready: Ready }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(plan)], {
    execArgv: ['--expose-gc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const nextMessage = <T>(): Promise<T> =>
    new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${file} ended with ${code ?? 'a signal'}`));
      child.once('exit', onExit);
      child.once('message', (message) => {
        child.removeListener('exit', onExit);
        resolve(message as T);
      });
    });
  return {
    ready: await nextMessage<Ready>(),
    ask(question) {
      const answer = nextMessage<never>();
      child.send(question);
      return answer;
    },
    stop() {
      child.kill();
      return gone;
    },
  };
}

/** CPU of a process while something runs, in percent of one core. */
export async function cpuPercentDuring(child: Child, run: () => Promise<void>): Promise<number> {
  const before = await child.ask<Usage>('usage');
  await run();
  const after = await child.ask<Usage>('usage');
  return (100 * (after.cpuMs - before.cpuMs)) / (after.atMs - before.atMs);
}
