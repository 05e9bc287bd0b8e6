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
      http: { host: '0.0.0.0', port: 8080, tls: undefined, pathPrefix: '', trustedProxies: undefined },
      audiosocket: { host: '0.0.0.0', port: 4573 },
      grpc: { host: '0.0.0.0', port: 9090 },
      dataDir: '/srv/data',
      databaseUrl: undefined,
      databaseConnections: 8,
      redisUrl: undefined,
      redisPrefix: 'rapida',
      nodeId: undefined,
      vaultKeys: undefined,
      contextTtlMs: 300_000,
      callsMax: 0,
      outboundCallsMax: 50,
      outboundQueueMax: 10_000,
      webhooksAllowPrivate: false,
      drainMs: 300_000,
      logLevel: 'info',
      providerKeys: { 'openai-compatible': { baseUrl: 'https://api.openai.com/v1' } },
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
    [{ GRPC__PORT: '-1' }, 'GRPC__PORT=-1: accepted is a port'],
    [{ GRPC__HOST: 'a b' }, 'GRPC__HOST=a b: accepted is an address'],
    [{ LIMITS__OUTBOUND_CALLS: '0' }, 'LIMITS__OUTBOUND_CALLS=0: accepted is a number, 1 to 10000'],
    [{ LIMITS__OUTBOUND_CALLS: '10001' }, 'LIMITS__OUTBOUND_CALLS=10001: accepted is a number, 1 to 10000'],
    [{ LIMITS__OUTBOUND_QUEUE: '1000001' }, 'LIMITS__OUTBOUND_QUEUE=1000001: accepted is a number, 1 to 1000000'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL=loud: accepted is trace, debug'],
    [{ HTTP__TLS_CERT: 'a.pem' }, 'HTTP__TLS_KEY is not set'],
    [{ DATABASE_URL: 'mysql://u:hidden@h/db' }, 'DATABASE_URL=[secret]: accepted is postgres://'],
    [{ REDIS_URL: 'http://u:hidden@h' }, 'REDIS_URL=[secret]: accepted is redis://'],
    [{ REDIS__PREFIX: 'a:b' }, 'REDIS__PREFIX=a:b: accepted is letters'],
    [{ NODE__ID: 'a b' }, 'NODE__ID=a b: accepted is letters'],
  ])('refuse %j with a line that names the setting, the value and what is accepted', (environment, message) => {
    expect(refusal(environment)).toContain(message);
  });

  it('refuse an unknown name in a section of ours, and name the known ones', () => {
    expect(refusal({ HTTP__PROT: '80' })).toBe(
      'HTTP__PROT=80: there is no such setting; accepted are HTTP__HOST, HTTP__PORT, HTTP__TLS_CERT, HTTP__TLS_KEY, HTTP__PATH_PREFIX, HTTP__TRUSTED_PROXIES',
    );
  });

  it('take limits and the address of gRPC as they are given', () => {
    const limits = { LIMITS__OUTBOUND_CALLS: '10000', LIMITS__OUTBOUND_QUEUE: '1' };
    const config = loadConfig({ ...limits, GRPC__HOST: '127.0.0.1', GRPC__PORT: '0' }, nowhere);
    expect([config.outboundCallsMax, config.outboundQueueMax]).toEqual([10_000, 1]);
    expect(config.grpc).toEqual({ host: '127.0.0.1', port: 0 });
  });

  it('leave names of others alone', () => {
    expect(loadConfig({ KUBERNETES__THING: 'x', PATH: '/bin' }, nowhere).http.port).toBe(8080);
  });

  it('never print a key', () => {
    const config = loadConfig({ OPENAI_API_KEY: 'sk-do-not-print' }, nowhere);
    expect(config.providerKeys.openai?.apiKey.reveal()).toBe('sk-do-not-print');
    for (const printed of [
      inspect(config, { depth: 9 }),
      JSON.stringify(config),
      `${config.providerKeys.openai?.apiKey}`,
    ]) {
      expect(printed).not.toContain('sk-do-not-print');
    }
  });
});

describe('the keys of the vault', () => {
  const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');

  it('are one or several, in their order, and never printed', () => {
    const config = loadConfig({ VAULT__KEY: `${keyOf(0xfa)}, ${keyOf(0xfb)}` }, nowhere);
    expect(config.vaultKeys?.map((key) => key.reveal())).toEqual([keyOf(0xfa), keyOf(0xfb)]);
    for (const printed of [inspect(config, { depth: 9 }), JSON.stringify(config)]) {
      expect(printed).not.toContain(keyOf(0xfa).slice(0, 8));
    }
    expect(loadConfig({ VAULT__KEY: '' }, nowhere).vaultKeys).toBeUndefined();
  });

  it.each([
    ['is too short', Buffer.alloc(31, 0xfa).toString('base64')],
    ['is too long', Buffer.alloc(33, 0xfa).toString('base64')],
    ['is hexadecimal', Buffer.alloc(32, 0xfa).toString('hex')],
    ['was cut', keyOf(0xfa).slice(0, -1)],
    ['has bits that belong to no byte', `${keyOf(0xfa).slice(0, -2)}7=`],
    ['is followed by a comma and nothing', `${keyOf(0xfa)},`],
    ['is good, and the next is not', `${keyOf(0xfb)},+vr6`],
  ])('stop the start where one %s, without being shown', (_, text) => {
    const message = refusal({ VAULT__KEY: text });
    expect(message).toContain('VAULT__KEY=[secret]: accepted is 32 bytes in base64');
    expect(message).not.toMatch(/\+vr6|\+\/v7|fafa/);
  });

  it('are not shown where the name is misspelt either', () => {
    const message = refusal({ VAULT__KEYS: keyOf(0xfa) });
    expect(message).toBe('VAULT__KEYS=[secret]: there is no such setting; accepted are VAULT__KEY');
  });
});

describe('what is in front of the server', () => {
  it('is a path without a slash at its end, and proxies by their addresses', () => {
    const { http } = loadConfig(
      { HTTP__PATH_PREFIX: '/a/b-1', HTTP__TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1' },
      nowhere,
    );
    expect([http.pathPrefix, http.trustedProxies]).toEqual(['/a/b-1', ['127.0.0.1', '10.0.0.0/8', '::1']]);
  });

  it.each([
    { HTTP__PATH_PREFIX: '/a/' },
    { HTTP__PATH_PREFIX: 'a' },
    { HTTP__PATH_PREFIX: '//a' },
    { HTTP__TRUSTED_PROXIES: 'proxy.example' },
    { HTTP__TRUSTED_PROXIES: '10.0.0.0/33' },
    { HTTP__TRUSTED_PROXIES: '10.0.0.1,' },
  ])('is refused as %j', (settings) => {
    expect(refusal(settings)).toContain(Object.keys(settings)[0] ?? '');
  });
});
