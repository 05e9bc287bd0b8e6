import { InvalidArgumentError } from 'commander';

/** A number of an option. What is out of range is refused by the server, which knows the range. */
export function wholeNumber(text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Accepted is a whole number.');
}
