import type { ApiClient } from '../api-client.js';
import type { LinedOrder } from './csv-orders.js';
import type { Order } from './order.js';

/** The server takes as many at once, and a body of a few MiB. */
const PART_ORDERS_MAX = 1_000;
const PART_BYTES_MAX = 900_000;

export interface PlacedJson {
  readonly id: string;
  readonly contextId: string;
  readonly status: string;
}

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
  api: Pick<ApiClient, 'send'>,
  orders: readonly LinedOrder[],
  idempotencyKey: string,
  onProgress: (placed: number) => void,
): Promise<ManyPlaced> {
  const placed: PlacedRow[] = [];
  for (const [index, part] of partsOf(orders).entries()) {
    try {
      const { data } = await api.send<{ data: PlacedJson[] }>('POST', '/v1/talk/create-bulk-phone-call', {
        body: { phoneCalls: part.map(({ order }) => order) },
        headers: { 'idempotency-key': `${idempotencyKey}-${index + 1}` },
      });
      placed.push(...rowsOf(part, data));
    } catch (error) {
      const message = withLines(error instanceof Error ? error.message : String(error), part);
      const refused = orders.slice(placed.length).map(({ line, order }, behind) => ({
        line,
        to: order.toNumber,
        error: behind < part.length ? message : 'not sent',
      }));
      return { placed, refused, error: message };
    }
    onProgress(placed.length);
  }
  return { placed, refused: [], error: undefined };
}

function rowsOf(part: readonly LinedOrder[], data: readonly PlacedJson[]): PlacedRow[] {
  if (data.length !== part.length) throw new Error(`the server answered with ${data.length} of ${part.length} calls`);
  return part.flatMap(({ line, order }, index) => {
    const { id, status } = data[index] as PlacedJson;
    return [{ line, to: order.toNumber, id, status }];
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

/** With the comma behind it. */
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
