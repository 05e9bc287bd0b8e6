import type { RapidaError } from '@rapida/core';
import { errorBody, HTTP_STATUS } from './error-mapping.js';
import { ERROR_NUMBERS } from './error-numbers.js';

/** An error as the published clients of `create-phone-call` read it. */
export interface TalkError {
  /** Decimal text of an unsigned 64-bit integer. */
  readonly errorCode: string;
  /** Our code, a colon, and what is said to people. */
  readonly errorMessage: string;
  readonly humanMessage: string;
}

export interface TalkErrorBody {
  /** The HTTP status. */
  readonly code: number;
  readonly success: false;
  readonly error: TalkError;
}

/** `requestId` is named where the text sends the reader to the log. */
export function talkErrorBody(error: RapidaError, requestId: string): TalkErrorBody {
  const { error: humanMessage, code } = errorBody(error, requestId);
  const errorMessage = `${code}: ${humanMessage}`;
  return {
    code: HTTP_STATUS[code],
    success: false,
    error: { errorCode: ERROR_NUMBERS[code], errorMessage, humanMessage },
  };
}
