import { type DialplanRequest, type DialplanServer, generateConfiguration } from '@rapida/server';
import type { ServerUnderTest } from './server-under-test.js';

export interface Line {
  readonly transport: 'audiosocket' | 'websocket';
  readonly control: 'json' | 'plain-text';
  /** Of the media between Asterisk and the server. */
  readonly format: 'ulaw' | 'alaw' | 'slin' | 'slin16';
}

/** A server as a dialplan sees it. */
export interface Target extends DialplanServer {
  readonly httpPort: number;
  readonly apiKey: string;
  readonly assistantId: string;
}

export interface Configuration {
  /** Where the phones' calls come in. */
  readonly context: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Of the user `rapida` of ARI, where calls are placed too. */
export const ARI_PASSWORD = 'interop';

export function targetOf(server: ServerUnderTest, assistantId: string): Target {
  const { httpPort, audiosocketPort, asteriskKey: apiKey } = server;
  return { host: '127.0.0.1', httpPort, audiosocketPort, assistantId, apiKey };
}

/** The configuration under test, exactly as it is handed out, for one line to these servers. */
export function configurationFor(
  { transport, control, format }: Line,
  servers: readonly Target[],
  more: Partial<Pick<DialplanRequest, 'scheme' | 'caFile' | 'direction'>> = {},
): Configuration {
  const { files } = generateConfiguration({
    asterisk: '22',
    transport,
    format,
    ...(transport === 'websocket' && { control }),
    servers,
    ariPassword: ARI_PASSWORD,
    ...more,
  });
  return {
    context: `rapida-${transport}`,
    files: Object.fromEntries(files.map(({ name, text }) => [name, text])),
  };
}

/** For the names of cases. */
export function describeLine({ transport, control, format }: Line): string {
  return transport === 'audiosocket' ? `audiosocket ${format}` : `websocket ${control} ${format}`;
}
