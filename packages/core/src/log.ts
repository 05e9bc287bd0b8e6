/**
 * What packages above floor 0 log through. pino satisfies it. Fields first, then a constant sentence: no secret, no
 * transcript and no caller's number inside the sentence.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Logger;
}

export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silentLogger,
};
