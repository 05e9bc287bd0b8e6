import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RapidaError } from '@rapida/core';
import { afterEach, describe, expect, it } from 'vitest';
import { openDataFolder, readOrMakeVaultKey } from './data-folder.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function openFresh() {
  const path = mkdtempSync(join(tmpdir(), 'rapida-data-'));
  folders.push(path);
  return { path, folder: openDataFolder(path) };
}

function refusal(work: () => unknown): RapidaError {
  try {
    work();
  } catch (error) {
    if (error instanceof RapidaError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('the key of the vault in the data folder', () => {
  it('is made once, of 32 random bytes, for the eyes of the server only', () => {
    const { path, folder } = openFresh();
    const made = readOrMakeVaultKey(folder);
    expect(folder.vaultKey).toBe(join(path, 'vault.key'));
    expect(Buffer.from(made.reveal(), 'base64')).toHaveLength(32);
    expect(readFileSync(folder.vaultKey, 'utf8')).toBe(`${made.reveal()}\n`);
    expect(statSync(folder.vaultKey).mode & 0o777).toBe(0o600);
    expect(readOrMakeVaultKey(folder).reveal()).toBe(made.reveal());
    expect(readOrMakeVaultKey(openFresh().folder).reveal()).not.toBe(made.reveal());
  });

  it('is made whole where a start died half way, and leaves nothing behind', () => {
    const { path, folder } = openFresh();
    writeFileSync(`${folder.vaultKey}.new`, 'half a k', { mode: 0o644 });
    const made = readOrMakeVaultKey(folder);
    expect(readFileSync(folder.vaultKey, 'utf8').trim()).toBe(made.reveal());
    expect(statSync(folder.vaultKey).mode & 0o777).toBe(0o600);
    expect(readdirSync(path).sort()).toEqual(['server.lock', 'vault.key']);
  });

  it.each([
    ['empty', ''],
    ['too short', Buffer.alloc(31, 0xfe).toString('base64')],
    ['too long', Buffer.alloc(33, 0xfe).toString('base64')],
    ['hexadecimal', Buffer.alloc(32, 0xfe).toString('hex')],
    ['cut', Buffer.alloc(32, 0xfe).toString('base64').slice(0, -2)],
  ])('stops the start where it is %s, and is neither shown nor replaced', (_, text) => {
    const { folder } = openFresh();
    writeFileSync(folder.vaultKey, text);
    const error = refusal(() => readOrMakeVaultKey(folder));
    expect(error.code).toBe('setting_invalid');
    expect(error.message).toContain(`${folder.vaultKey} holds no key: accepted are 32 bytes in base64`);
    expect(error.message).not.toMatch(/\/v7|fefe/);
    expect(readFileSync(folder.vaultKey, 'utf8')).toBe(text);
  });

  it('stops the start where it cannot be read: a folder, or a link to what is not mounted', () => {
    const { folder } = openFresh();
    mkdirSync(folder.vaultKey);
    expect(refusal(() => readOrMakeVaultKey(folder))).toMatchObject({ code: 'setting_invalid' });
    const other = openFresh().folder;
    symlinkSync('/nonexistent/vault.key', other.vaultKey);
    const error = refusal(() => readOrMakeVaultKey(other));
    expect(error).toMatchObject({ code: 'setting_invalid' });
    expect(error.message).toMatch(/vault\.key cannot be used: .*ENOENT/);
    expect(refusal(() => readOrMakeVaultKey(other)).code).toBe('setting_invalid');
  });
});

describe('a data folder', () => {
  it('is for one server at a time, and free again once it is released', () => {
    const { path, folder } = openFresh();
    // Init always runs.
    writeFileSync(join(path, 'server.lock'), '1');
    expect(refusal(() => openDataFolder(path)).message).toContain('in use by the server with process id 1');
    folder.release();
    folder.release();
    openDataFolder(path).release();
  });

  it('of a server that died is taken over', () => {
    const { path } = openFresh();
    writeFileSync(join(path, 'server.lock'), 'not a process');
    openDataFolder(path);
    expect(readFileSync(join(path, 'server.lock'), 'utf8')).toBe(String(process.pid));
  });
});
