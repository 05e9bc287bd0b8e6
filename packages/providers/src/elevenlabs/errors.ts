import { type ErrorCode, RapidaError, type Secret } from '@rapida/core';
import { quote } from '../wire/vendor-errors.js';

/**
 * ElevenLabs answers 401 also where the key is good and something else is not: `{detail: {status, message}}`.
 * https://help.elevenlabs.io/hc/en-us/articles/19572237925521
 */
export function codeOfAnswer(status: number, answer: string): ErrorCode | undefined {
  if (status !== 401) return undefined;
  const said = statusIn(answer);
  return said === 'quota_exceeded' || said === 'missing_permissions' ? 'provider_rejected' : undefined;
}

/** The key is known, but was made without the right to what was asked. */
export function isMissingPermission(answer: string): boolean {
  return statusIn(answer) === 'missing_permissions';
}

/** A failure that is told in the middle of the sound. */
export function streamedError(line: object, apiKey: Secret | undefined): RapidaError {
  const { status, message } = detailOf(line);
  const isBusy = status === 'too_many_concurrent_requests' || status === 'system_busy';
  const said = typeof message === 'string' ? quote(message, apiKey) : '';
  return new RapidaError(
    isBusy ? 'provider_rate_limited' : 'provider_unavailable',
    said === '' ? undefined : `The provider ended its answer: ${said}`,
  );
}

function statusIn(answer: string): unknown {
  try {
    return detailOf(JSON.parse(answer)).status;
  } catch {
    return undefined;
  }
}

function detailOf(answer: unknown): { status?: unknown; message?: unknown } {
  const { detail } = (answer ?? {}) as { detail?: unknown };
  return typeof detail === 'object' && detail !== null ? detail : {};
}
