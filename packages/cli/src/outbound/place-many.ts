import type { Calls, PlacedCall } from '@rapida/client';
import { failureText } from '../failure-text.js';
import type { LinedOrder } from './csv-orders.js';
import type { Order } from './order.js';

/** The server takes as many at once, and a body of a few MiB. */
const PART_ORDERS_MAX = 1_000;
const PART_BYTES_MAX = 900_000;

export interface PlacedRow {
  readonly line: number;
  readonly to: string;
  readonly id: string;
  readonly status: string;
}

export interface RefusedRow {
  readonly line: number;
  readonly to: string;
  readonly error: string;
}

export interface ManyPlaced {
  readonly placed: readonly PlacedRow[];
  /** The part that was refused, which is refused as a whole, and all that come after it. */
  readonly refused: readonly RefusedRow[];
  readonly error: string | undefined;
}

/** Sends them in parts, one after the other; stops at the first that is refused. Never rejects for a refusal. */
export async function placeMany(
  calls: Pick<Calls, 'createMany'>,
  orders: readonly LinedOrder[],
  idempotencyKey: string,
  onProgress: (placed: number) => void,
): Promise<ManyPlaced> {
  const placed: PlacedRow[] = [];
  for (const [index, part] of partsOf(orders).entries()) {
    try {
      const ofPart = { idempotencyKey: `${idempotencyKey}-${index + 1}` };
      const answered = await calls.createMany(
        part.map(({ order }) => order),
        ofPart,
      );
      placed.push(...rowsOf(part, answered));
    } catch (error) {
      const message = withLines(failureText(error), part);
      const refused = orders.slice(placed.length).map(({ line, order }, behind) => ({
        line,
        to: order.to,
        error: behind < part.length ? message : 'not sent',
      }));
      return { placed, refused, error: message };
    }
    onProgress(placed.length);
  }
  return { placed, refused: [], error: undefined };
}

function rowsOf(part: readonly LinedOrder[], data: readonly PlacedCall[]): PlacedRow[] {
  if (data.length !== part.length) throw new Error(`the server answered with ${data.length} of ${part.length} calls`);
  return part.flatMap(({ line, order }, index) => {
    const { id, status } = data[index] as PlacedCall;
    return [{ line, to: order.to, id, status }];
  });
}

function partsOf(orders: readonly LinedOrder[]): LinedOrder[][] {
  const parts: LinedOrder[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const one of orders) {
    const size = sizeOf(one.order);
    const last = parts.at(-1);
    if (last === undefined || last.length === PART_ORDERS_MAX || bytes + size > PART_BYTES_MAX) {
      parts.push([one]);
      bytes = size;
    } else {
      last.push(one);
      bytes += size;
    }
  }
  return parts;
}

/** With the comma behind it; the server's own names for its parts add a little, which the limit has room for. */
function sizeOf(order: Order): number {
  return Buffer.byteLength(JSON.stringify(order)) + 1;
}

/** The server counts within the part; people count the lines of their file. */
function withLines(message: string, part: readonly LinedOrder[]): string {
  return message.replaceAll(/phoneCalls\[([0-9]+)\]/g, (whole, index: string) => {
    const line = part[Number(index)]?.line;
    return line === undefined ? whole : `line ${line}`;
  });
}
