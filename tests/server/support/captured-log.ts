import { inspect } from 'node:util';
import type { Logger } from '@rapida/core';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Everything that was given, causes and stacks of errors included, with nothing blacked out. */
  readonly text: string;
}

/** Keeps every line of every level, also those of children, as it was when it was written. */
export function createCapturedLog(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const loggerWith = (inherited: object): Logger => {
    const at = (level: LogLine['level']) => (own: object, message: string) => {
      const fields = { ...inherited, ...own };
      lines.push({ level, message, fields, text: `${message} ${inspect(fields, { depth: 10, showHidden: true })}` });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => loggerWith({ ...inherited, ...fields }),
    };
  };
  return { logger: loggerWith({}), lines };
}
