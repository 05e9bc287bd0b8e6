/** What the SDK knows. The API's versioning policy lets new types of events come at any time: they are not to be minded. */
const KNOWN = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
  'message_delta',
  'message_stop',
  'ping',
  'error',
];

/** Whether the SDK only complains of an event that it does not know. */
export function isUnknownEvent(error: unknown): boolean {
  const { name, value } = (error ?? {}) as { name?: unknown; value?: { type?: unknown } };
  return name === 'AI_TypeValidationError' && typeof value?.type === 'string' && !KNOWN.includes(value.type);
}
