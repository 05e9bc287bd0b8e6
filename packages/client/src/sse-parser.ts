/** One event of a stream of Server-Sent Events (HTML standard, 9.2). */
export interface ServerSentEvent {
  /** The last `id` that was sent, with this event or before it. */
  readonly lastEventId: string;
  /** `message` where none was named. */
  readonly type: string;
  /** Its lines, joined by line feeds. */
  readonly data: string;
}

/** Longest line, and longest data of one event. The server's largest event is a fraction of it. */
export const SSE_CHARS_MAX = 1_048_576;

/** The stream is none that can be read: a line or an event is too long. The parser is of no use after it. */
export class SseTooLong extends Error {
  override readonly name = 'SseTooLong';
}

/**
 * Bytes in pieces of any size in, whole events out. What was begun and not ended is kept, up to {@link SSE_CHARS_MAX} characters
 * of a line and as many of data. Comments and unknown fields are skipped; an event without data is none.
 */
export class SseParser {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  /** Of a line that has not ended. */
  #line = '';
  #endedInReturn = false;
  #type = '';
  #data: string[] = [];
  #dataChars = 0;
  #lastEventId: string;
  /** What the server asks to wait before the next connection, ms. */
  retryMs: number | undefined;

  constructor(lastEventId = '') {
    this.#lastEventId = lastEventId;
  }

  push(chunk: Uint8Array): ServerSentEvent[] {
    let text = this.#decoder.decode(chunk, { stream: true });
    // The line feed of a line end whose carriage return was the last of the chunk before.
    if (this.#endedInReturn && text.startsWith('\n')) text = text.slice(1);
    else if (text === '') return [];
    this.#endedInReturn = text === '' ? false : text.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.pop() ?? '';
    const events: ServerSentEvent[] = [];
    for (const line of lines) {
      const event = this.#endLine(line);
      if (event !== undefined) events.push(event);
    }
    this.#line += last;
    if (this.#line.length > SSE_CHARS_MAX) throw new SseTooLong();
    return events;
  }

  #endLine(rest: string): ServerSentEvent | undefined {
    const line = this.#line + rest;
    this.#line = '';
    if (line.length > SSE_CHARS_MAX) throw new SseTooLong();
    if (line === '') return this.#endEvent();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    this.#field(name, value);
    return undefined;
  }

  #field(name: string, value: string): void {
    switch (name) {
      case 'data':
        // With its line end: a million empty lines are as long as a line of a million.
        this.#dataChars += value.length + 1;
        if (this.#dataChars > SSE_CHARS_MAX) throw new SseTooLong();
        this.#data.push(value);
        break;
      case 'event':
        this.#type = value;
        break;
      case 'id':
        if (!value.includes('\0')) this.#lastEventId = value;
        break;
      case 'retry':
        if (/^[0-9]{1,9}$/.test(value)) this.retryMs = Number(value);
        break;
    }
  }

  #endEvent(): ServerSentEvent | undefined {
    const [type, data] = [this.#type || 'message', this.#data];
    this.#type = '';
    this.#data = [];
    this.#dataChars = 0;
    if (data.length === 0) return undefined;
    return { lastEventId: this.#lastEventId, type, data: data.join('\n') };
  }
}
