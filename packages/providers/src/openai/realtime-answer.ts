import type { JsonObject, ToolCall } from '@rapida/core';
import { deleteItem, truncateItem } from './realtime-messages.js';

interface Item {
  readonly id: string;
  soundMs: number;
}

/** One answer as the vendor sees it: one response, or several with the results of tools in between, and their items. */
export class OpenAiAnswer {
  readonly id: number;
  /** The running response; undefined before it is created and after it is done. */
  responseId: string | undefined;
  /** Asked for and not done. */
  isRunning = false;
  readonly #items: Item[] = [];
  readonly #openCalls = new Set<string>();
  #calledInRound = false;

  constructor(id: number) {
    this.id = id;
  }

  begin(): void {
    this.isRunning = true;
    this.responseId = undefined;
    this.#calledInRound = false;
  }

  sound(itemId: string, soundMs: number): void {
    const last = this.#items.at(-1);
    if (last?.id === itemId) last.soundMs += soundMs;
    else this.#items.push({ id: itemId, soundMs });
  }

  called(callId: string): void {
    this.#calledInRound = true;
    this.#openCalls.add(callId);
  }

  get awaitsTools(): boolean {
    return this.#calledInRound;
  }

  /** False where nobody waits for it. */
  settle(callId: string): boolean {
    return this.#openCalls.delete(callId);
  }

  /** All of the response is there, and all results of what it called. */
  get canGoOn(): boolean {
    return !this.isRunning && this.#calledInRound && this.#openCalls.size === 0;
  }

  /** Calls that get no result any more. */
  abandonCalls(): readonly string[] {
    const abandoned = [...this.#openCalls];
    this.#openCalls.clear();
    return abandoned;
  }

  /** What makes the vendor forget what was not heard. */
  forgetAfter(playedMs: number): readonly object[] {
    let leftMs = playedMs;
    return this.#items.flatMap(({ id, soundMs }) => {
      const heardMs = Math.min(leftMs, soundMs);
      leftMs -= heardMs;
      if (heardMs <= 0) return [deleteItem(id)];
      return heardMs < soundMs ? [truncateItem(id, heardMs)] : [];
    });
  }
}

/** The arguments as the model wrote them; what is not an object is none. */
export function callOf(id: string, name: string, args: string | undefined): ToolCall {
  try {
    const parsed: unknown = JSON.parse(args ?? '{}');
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return { id, name, args: isObject ? (parsed as JsonObject) : {} };
  } catch {
    return { id, name, args: {} };
  }
}
