import type { CallersPlan, CallersReport } from './callers/main.js';
import { type Child, startChild } from './child.js';
import type { ServerReady } from './servers/listen.js';

/** A server and its callers, each in a process of its own. */
export interface Stage {
  readonly server: Child;
  /** What the callers have sent and heard since they began. */
  report(): Promise<CallersReport>;
}

/** Runs `measure` between a server and its callers, and ends both processes whatever happens. */
export async function onStage<T>(
  serverFile: string,
  plan: object,
  callers: Omit<CallersPlan, 'port'>,
  measure: (stage: Stage) => Promise<T>,
): Promise<T> {
  const server = await startChild<ServerReady>(serverFile, plan);
  try {
    return await withCallers(server, server.ready.port, callers, measure);
  } finally {
    await server.stop();
  }
}

/** The same with a server that is there already. */
export async function withCallers<T>(
  server: Child,
  port: number,
  plan: Omit<CallersPlan, 'port'>,
  measure: (stage: Stage) => Promise<T>,
): Promise<T> {
  const callers = await startChild<object>('./callers/main.js', { ...plan, port });
  try {
    return await measure({ server, report: () => callers.ask<CallersReport>('report') });
  } finally {
    await callers.stop();
  }
}
