import type { ErrorCode } from '@rapida/core';

/**
 * A request above the tokens of a minute is answered with 413, and what the model wrote instead of a call of a tool with 400,
 * a lack of capacity with 498 (https://console.groq.com/docs/errors): the first is a limit, the others may go well the next time.
 */
export function codeOf(status: number, answer: string): ErrorCode | undefined {
  if (answer.includes('"rate_limit_exceeded"')) return 'provider_rate_limited';
  return status === 498 || answer.includes('"tool_use_failed"') ? 'provider_unavailable' : undefined;
}
