/** What a phone can play. Static payload types of RFC 3551; 101 is the usual choice for telephone events. */
export const CODECS = { PCMU: 0, PCMA: 8 } as const;
export type Codec = keyof typeof CODECS;
export const TELEPHONE_EVENT = 101;
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface LocalMedia {
  readonly host: string;
  readonly port: number;
  readonly codecs: readonly Codec[];
  readonly direction: Direction;
  /** Grows with every description of a session (RFC 8866 section 5.2). */
  readonly version: number;
}

export interface RemoteMedia {
  readonly host: string;
  readonly port: number;
  /** The first payload type that is ours too. */
  readonly codec: Codec | undefined;
  readonly direction: Direction;
}

export function formatSdp({ host, port, codecs, direction, version }: LocalMedia): string {
  const types = [...codecs.map((codec) => CODECS[codec]), TELEPHONE_EVENT];
  const lines = [
    'v=0',
    `o=phone 1 ${version} IN IP4 ${host}`,
    's=-',
    `c=IN IP4 ${host}`,
    't=0 0',
    `m=audio ${port} RTP/AVP ${types.join(' ')}`,
    ...codecs.map((codec) => `a=rtpmap:${CODECS[codec]} ${codec}/8000`),
    `a=rtpmap:${TELEPHONE_EVENT} telephone-event/8000`,
    `a=fmtp:${TELEPHONE_EVENT} 0-15`,
    'a=ptime:20',
    `a=${direction}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** Undefined where there is no audio in it. */
export function parseSdp(text: string, ours: readonly Codec[]): RemoteMedia | undefined {
  const lines = text.split(/\r?\n/);
  const media = lines.findIndex((line) => line.startsWith('m=audio '));
  if (media < 0) return undefined;
  const [, port, , ...types] = (lines[media] ?? '').slice(2).split(' ');
  const inMedia = lines.slice(media);
  const connection = [...inMedia, ...lines].find((line) => line.startsWith('c=IN IP4 '));
  const direction = [...inMedia, ...lines].find((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(line));
  return {
    host: connection?.slice('c=IN IP4 '.length).split('/')[0] ?? '',
    port: Number(port),
    codec: types.map((type) => ours.find((codec) => String(CODECS[codec]) === type)).find(Boolean),
    direction: (direction?.slice(2) as Direction | undefined) ?? 'sendrecv',
  };
}
