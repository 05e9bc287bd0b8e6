import { isEntityId } from '@rapida/core';
import { z } from 'zod';

export const LIST_LIMIT_MAX = 200;
export const LIST_LIMIT_DEFAULT = 50;

export const entityIdSchema = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,19})$/, 'must be an unsigned 64-bit number in decimal')
  .refine(isEntityId, 'must be an unsigned 64-bit number in decimal');

export const idParams = z.object({ id: entityIdSchema });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(LIST_LIMIT_MAX).default(LIST_LIMIT_DEFAULT),
  cursor: z.string().min(1).max(500).optional().describe('`nextCursor` of the page before'),
});

export const timeSchema = z.string().describe('ISO 8601, UTC');

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    nextCursor: z.string().nullable().describe('null: this was the last page'),
  });
}

export function toTime(wallMs: number): string {
  return new Date(wallMs).toISOString();
}

export function toTimeOrNull(wallMs: number | null): string | null {
  return wallMs === null ? null : toTime(wallMs);
}

/** `+` of a number that was put into a query unencoded arrives as a space. */
export function restorePlus(number: string): string {
  return number.replace(/^ (?=\d)/, '+').trim();
}
