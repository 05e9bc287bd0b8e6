import type { ErrorCode } from './errors.js';
import type { ToolCall, ToolDefinition } from './language-model.js';

/** A tool of the assistant's configuration, as the conversation sees it. */
export interface ToolInfo {
  readonly definition: ToolDefinition;
  /** It changes something: it is begun once, not for words that may be taken back, and what is said meanwhile is not talked over. */
  readonly sideEffect: boolean;
  /** Said while it runs, where nothing else is being said; empty: nothing. */
  readonly sayMeanwhile: string;
}

/** What a tool gave: told to the model. */
export interface ToolOutcome {
  /** Bounded by the toolbox; where it failed, `error: ` and why, in words that a model can act on. */
  readonly result: string;
  /** Why it failed; null where it did not. */
  readonly code: ErrorCode | null;
}

/** The tools that one call may use, beyond what the product itself can do. */
export interface Toolbox {
  readonly tools: readonly ToolInfo[];
  /** One attempt, bounded in time and size by itself. Never rejects. Aborting `signal` ends it where that can be done. */
  run(call: ToolCall, signal: AbortSignal): Promise<ToolOutcome>;
  /** Lets go of connections. Idempotent. */
  close(): Promise<void>;
}

/** For assistants without tools. */
export const NO_TOOLS: Toolbox = {
  tools: [],
  run: async ({ name }) => ({ result: `error: there is no tool ${name.slice(0, 60)}`, code: 'tool_unknown' }),
  close: async () => {},
};
