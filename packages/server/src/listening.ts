import { RapidaError } from '@rapida/core';

/** Binds a port; where that is impossible the error names the setting and what is accepted. */
export async function listening<T>(
  setting: 'HTTP__PORT' | 'AUDIOSOCKET__PORT' | 'GRPC__PORT',
  at: { readonly host: string; readonly port: number },
  listen: (at: { host: string; port: number }) => Promise<T>,
): Promise<T> {
  try {
    return await listen({ host: at.host, port: at.port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new RapidaError('port_in_use', `${setting}=${at.port}: the port is in use; accepted is a free port, or 0`, {
        cause: error,
      });
    }
    throw new RapidaError(
      'setting_invalid',
      `${setting}=${at.port} on ${at.host}: cannot listen there (${String(code)})`,
      { cause: error },
    );
  }
}
