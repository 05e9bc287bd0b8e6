import { randomUUID } from 'node:crypto';
import { wavHeader } from '@rapida/audio';

/**
 * The messages of the Speech service's WebSocket protocol: headers, an empty line, a body; before the headers of a binary message two
 * bytes with their length, big-endian. (Microsoft's "Speech Service WebSocket protocol", and what the Speech SDK for JavaScript sends.)
 */
export interface MessageHead {
  readonly path: 'speech.config' | 'speech.context' | 'audio';
  readonly requestId: string;
  readonly sentAtMs: number;
}

/** A UUID without dashes, as connections and requests are named. */
export function noDashId(): string {
  return randomUUID().replaceAll('-', '');
}

export function jsonMessage(head: MessageHead, body: object): string {
  return `${headersOf(head, 'application/json; charset=utf-8')}\r\n${JSON.stringify(body)}`;
}

/** An empty `sound` ends the sound of its turn. Headers are ASCII. */
export function soundMessage(head: MessageHead, sound: Uint8Array): Uint8Array {
  return binary(headersOf(head, undefined), sound);
}

/** Begins a turn. */
export function soundHeaderMessage(head: MessageHead, isUlaw: boolean): Uint8Array {
  return binary(headersOf(head, 'audio/x-wav'), isUlaw ? ulawHeader() : pcmHeader());
}

function headersOf({ path, requestId, sentAtMs }: MessageHead, contentType: string | undefined): string {
  const timestamp = new Date(sentAtMs).toISOString();
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  return `Path: ${path}\r\nX-RequestId: ${requestId}\r\nX-Timestamp: ${timestamp}\r\n${type}`;
}

function binary(headers: string, body: Uint8Array): Uint8Array {
  const message = Buffer.allocUnsafe(2 + headers.length + body.length);
  message.writeUInt16BE(headers.length, 0);
  message.write(headers, 2, 'latin1');
  message.set(body, 2 + headers.length);
  return message;
}

/** Of a stream whose length nobody knows. */
function pcmHeader(): Uint8Array {
  return wavHeader({ rateHz: 16_000, channelCount: 1, dataBytes: 0 });
}

/** The same with format 7 of RFC 2361, one byte per sample. */
function ulawHeader(): Uint8Array {
  const header = wavHeader({ rateHz: 8_000, channelCount: 1, dataBytes: 0 });
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  view.setUint16(20, 7, true);
  view.setUint32(28, 8_000, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  return header;
}

export interface ServiceMessage {
  /** Lower case. */
  readonly path: string;
  readonly requestId: string;
  readonly body: string;
}

/** Undefined where it is not a message of the protocol. */
export function readMessage(text: string): ServiceMessage | undefined {
  const split = text.indexOf('\r\n\r\n');
  // `turn.end` may come without a body and the line before it.
  const head = split === -1 ? text : text.slice(0, split);
  const headers = new Map(
    head.split('\r\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(0, colon)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const path = headers.get('path');
  if (path === undefined) return undefined;
  const requestId = (headers.get('x-requestid') ?? '').toLowerCase();
  return { path: path.toLowerCase(), requestId, body: split === -1 ? '' : text.slice(split + 4) };
}
