import type { Logger, Toolbox, ToolCall, ToolOutcome } from '@rapida/core';

/** The tools that are running. Each bounds itself. */
export interface ToolRuns {
  run(call: ToolCall, sideEffect: boolean): void;
  /** Nothing that runs is told of any more. What changes something is let finish, all else is ended. Idempotent. */
  stop(): void;
}

interface Run {
  readonly abort: AbortController;
  readonly sideEffect: boolean;
}

export function createToolRuns(deps: {
  readonly toolbox: Toolbox;
  readonly logger: Logger;
  /** Must not throw. */
  readonly onResult: (callId: string, outcome: ToolOutcome) => void;
}): ToolRuns {
  const { toolbox, logger, onResult } = deps;
  const running = new Set<Run>();

  async function run(call: ToolCall, entry: Run): Promise<void> {
    const outcome = await toolbox.run(call, entry.abort.signal).catch((error: unknown): ToolOutcome => {
      logger.error({ err: error, tool: call.name }, 'a tool failed in a way that it should not');
      return { result: 'error: tool_failed', code: 'tool_failed' };
    });
    if (running.delete(entry)) onResult(call.id, outcome);
  }

  return {
    run(call, sideEffect) {
      const entry = { abort: new AbortController(), sideEffect };
      running.add(entry);
      void run(call, entry);
    },
    stop() {
      for (const { abort, sideEffect } of running) if (!sideEffect) abort.abort();
      running.clear();
    },
  };
}
