import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { RapidaError } from '@rapida/core';
import type { Config } from './config.js';

/** Certificate and key for all that speaks TLS here; undefined where none are set. Fails with `setting_invalid`. */
export function readTls({ http: { tls } }: Config): { cert: Buffer; key: Buffer } | undefined {
  if (tls === undefined) return undefined;
  const files = { cert: readPem('HTTP__TLS_CERT', tls.cert), key: readPem('HTTP__TLS_KEY', tls.key) };
  try {
    createSecureContext(files);
  } catch (error) {
    const given = `HTTP__TLS_CERT=${tls.cert}, HTTP__TLS_KEY=${tls.key}`;
    const accepted = 'accepted are a certificate chain and its private key in PEM';
    throw new RapidaError('setting_invalid', `${given}: ${accepted}`, { cause: error });
  }
  return files;
}

function readPem(setting: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new RapidaError('setting_invalid', `${setting}=${path}: the file cannot be read`, { cause: error });
  }
}
