import type { ErrorCode } from '@rapida/core';

/**
 * A request above the tokens of a minute is answered with 413, and what the model wrote instead of a call of a tool with 400
 * (https://console.groq.com/docs/errors): the first is a limit, the second may go well the next time.
 */
export function codeOf(_status: number, answer: string): ErrorCode | undefined {
  if (answer.includes('"rate_limit_exceeded"')) return 'provider_rate_limited';
  return answer.includes('"tool_use_failed"') ? 'provider_unavailable' : undefined;
}
