/** A SIP message as text (RFC 3261 section 7). Header names are matched without case, and by their compact form. */
export interface SipMessage {
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
};

/** Undefined where it is no SIP message: a keepalive, or something that is not for us. */
export function parseSip(text: string): SipMessage | undefined {
  const split = text.indexOf('\r\n\r\n');
  const [startLine, ...lines] = text.slice(0, split < 0 ? text.length : split).split('\r\n');
  if (startLine === undefined || !/(^SIP\/2\.0 [1-6][0-9]{2} )|( SIP\/2\.0$)/.test(startLine)) return undefined;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`;
    const colon = line.indexOf(':');
    if (/^[ \t]/.test(line) || colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.push([COMPACT[name] ?? name, line.slice(colon + 1).trim()]);
  }
  return { startLine, headers, body: split < 0 ? '' : text.slice(split + 4) };
}

export function formatSip({ startLine, headers, body }: SipMessage): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [startLine, ...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}

/** The first header of that name, or ''. */
export function headerOf(message: SipMessage, name: string): string {
  return message.headers.find(([known]) => known === name)?.[1] ?? '';
}

export function headersOf(message: SipMessage, name: string): string[] {
  return message.headers.filter(([known]) => known === name).map(([, value]) => value);
}

/** 0 for a request. */
export function statusOf({ startLine }: SipMessage): number {
  return startLine.startsWith('SIP/2.0 ') ? Number(startLine.slice(8, 11)) : 0;
}

/** `INVITE`, of a request or of the request that is answered. */
export function methodOf(message: SipMessage): string {
  return headerOf(message, 'cseq').split(/\s+/)[1] ?? '';
}

/** `tag` of a From or To header; '' without one. */
export function tagOf(value: string): string {
  return /;\s*tag=([^;>\s]+)/i.exec(value)?.[1] ?? '';
}

/** The address between `<` and `>`, or the bare one without its parameters. */
export function uriOf(value: string): string {
  return /<([^>]+)>/.exec(value)?.[1] ?? value.split(';')[0]?.trim() ?? '';
}
