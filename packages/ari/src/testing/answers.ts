/** What a request is answered with, and what happens once that is on its way. */
export interface Answer {
  readonly status: number;
  /** Absent: no body. */
  readonly body?: unknown;
  readonly after?: () => void;
}

export const NO_CONTENT: Answer = { status: 204 };
/** The only error that Asterisk does not put into `message`. */
export const ALLOCATION_FAILED: Answer = { status: 500, body: { error: 'Allocation failed' } };
export const CHANNEL_NOT_FOUND = refusal(404, 'Channel not found');

export function refusal(status: number, message: string): Answer {
  return { status, body: { message } };
}

/** What a handler sees of a request. */
export interface Call {
  /** Of the query, and of the top level of a JSON body. */
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The channel variables of the body, or the answer to a bad one. */
export function variablesOf(body: unknown): Map<string, string> | Answer {
  const variables = typeof body === 'object' && body !== null ? (body as Record<string, unknown>).variables : undefined;
  if (variables === undefined) return new Map();
  if (typeof variables !== 'object' || variables === null) return refusal(400, 'Invalid variables');
  const read = new Map<string, string>();
  for (const [name, value] of Object.entries(variables)) {
    if (typeof value !== 'string') return refusal(400, "Only string values in the 'variables' object allowed");
    read.set(name, value);
  }
  return read;
}
