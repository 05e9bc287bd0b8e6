import type { Lab } from '../lab.js';

export interface Part {
  readonly what: string;
  /** What was measured. */
  readonly run: () => Promise<string>;
}

/** Parts of a case that do not disturb each other. All run to their end; what failed of them fails the case. */
export async function allAtOnce(lab: Lab, parts: readonly Part[]): Promise<void> {
  const results = await Promise.allSettled(parts.map(({ run }) => run()));
  const failed = results.flatMap((result, index) => {
    const what = parts[index]?.what ?? '';
    if (result.status === 'rejected') return [`${what}: ${String(result.reason)}`];
    lab.measured(what, result.value);
    return [];
  });
  if (failed.length > 0) throw new Error(failed.join('\n'));
}
