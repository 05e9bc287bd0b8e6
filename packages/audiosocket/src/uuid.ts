const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const UUID_BYTES = 16;

/**
 * 16 bytes in RFC 9562 order to lower-case text with dashes. Any version and variant: the bytes are a secret that names a
 * call, not a claim about how it was made. Throws RangeError for any other length: check before calling.
 */
export function formatUuid(bytes: Uint8Array): string {
  if (bytes.byteLength !== UUID_BYTES) throw new RangeError(`a UUID has 16 bytes, not ${bytes.byteLength}`);
  let text = '';
  for (const [index, byte] of bytes.entries()) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += byte.toString(16).padStart(2, '0');
  }
  return text;
}

/** 36 characters with dashes, either case, to 16 bytes; undefined for anything else, as Asterisk refuses it too. */
export function parseUuid(text: string): Uint8Array | undefined {
  if (!UUID_TEXT.test(text)) return undefined;
  const digits = text.replaceAll('-', '');
  return Uint8Array.from({ length: UUID_BYTES }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
}
