import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from './config.js';

const nowhere = '/nonexistent';
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderWith(dotEnv: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'rapida-config-'));
  folders.push(folder);
  writeFileSync(join(folder, '.env'), dotEnv);
  return folder;
}

function refusal(environment: Record<string, string>): string {
  try {
    loadConfig(environment, nowhere);
  } catch (error) {
    expect(error).toBeInstanceOf(RapidaError);
    expect((error as RapidaError).code).toBe('setting_invalid');
    return (error as RapidaError).message;
  }
  throw new Error('was accepted');
}

describe('settings', () => {
  it('have defaults for everything', () => {
    expect(loadConfig({}, '/srv')).toEqual({
      publicHost: undefined,
      http: { host: '0.0.0.0', port: 8080, tls: undefined },
      audiosocket: { host: '0.0.0.0', port: 4573 },
      dataDir: '/srv/data',
      contextTtlMs: 300_000,
      callsMax: 0,
      drainMs: 300_000,
      logLevel: 'info',
      openai: { apiKey: undefined, baseUrl: 'https://api.openai.com/v1' },
    });
  });

  it('come from a .env file, and the environment wins over it', () => {
    const config = loadConfig({ HTTP__PORT: '81' }, folderWith('HTTP__PORT=80\nLIMITS__MAX_CALLS=7\n'));
    expect([config.http.port, config.callsMax]).toEqual([81, 7]);
  });

  it.each([
    [{ HTTP__PORT: '80x' }, 'HTTP__PORT=80x: accepted is a port, 0 to 65535 (0 picks a free one)'],
    [{ AUDIOSOCKET__PORT: '70000' }, 'AUDIOSOCKET__PORT=70000: accepted is a port'],
    [{ PUBLIC_ASSISTANT_HOST: 'https://x' }, 'PUBLIC_ASSISTANT_HOST=https://x: accepted is host or host:port'],
    [{ CONTEXT__TTL_SECONDS: '0' }, 'CONTEXT__TTL_SECONDS=0: accepted is seconds'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud: accepted is trace, debug'],
    [{ HTTP__TLS_CERT: 'a.pem' }, 'HTTP__TLS_KEY is not set'],
    [{ DATABASE_URL: 'postgres://x' }, 'DATABASE_URL is set, but this version'],
  ])('refuse %j with a line that names the setting, the value and what is accepted', (environment, message) => {
    expect(refusal(environment)).toContain(message);
  });

  it('refuse an unknown name in a section of ours, and name the known ones', () => {
    expect(refusal({ HTTP__PROT: '80' })).toBe(
      'HTTP__PROT=80: there is no such setting; accepted are HTTP__HOST, HTTP__PORT, HTTP__TLS_CERT, HTTP__TLS_KEY',
    );
  });

  it('leave names of others alone', () => {
    expect(loadConfig({ KUBERNETES__THING: 'x', PATH: '/bin' }, nowhere).http.port).toBe(8080);
  });

  it('never print a key', () => {
    const config = loadConfig({ OPENAI_API_KEY: 'sk-do-not-print' }, nowhere);
    expect(config.openai.apiKey?.reveal()).toBe('sk-do-not-print');
    for (const printed of [inspect(config, { depth: 9 }), JSON.stringify(config), `${config.openai.apiKey}`]) {
      expect(printed).not.toContain('sk-do-not-print');
    }
  });
});
