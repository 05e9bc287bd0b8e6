import { RapidaError } from '@rapida/core';
import { expect, it } from 'vitest';
import { createDialplanWriter } from './dialplan-writer.js';

const writer = createDialplanWriter(() => ({
  ...{ publicHost: 'ai.example.com:8443', scheme: 'https', audiosocketPort: 4574 },
}));

it('writes what Asterisk needs with the addresses of this server, and a place for the key', () => {
  const { files, keyPlaceholder } = writer.write({ assistantId: '42', transport: 'audiosocket' });
  const [extensions] = files;
  expect(extensions?.name).toBe('extensions.conf');
  expect(extensions?.text).toContain('SERVER=https://ai.example.com:8443/v1/talk/asterisk)');
  expect(extensions?.text).toContain('/call/42?');
  expect(extensions?.text).toContain('ai.example.com:4574');
  expect(extensions?.text).toContain(keyPlaceholder);
});

it('writes the files of another release, transport, direction and owner', () => {
  const wanted = { assistantId: '42', asterisk: '22.10', transport: 'websocket', direction: 'both' } as const;
  expect(writer.write(wanted).files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['extensions.conf', 'websocket_client.conf', 'ari.conf']),
  );
  expect(writer.write({ ...wanted, layout: 'freepbx' }).files[0]?.name).toBe('extensions_custom.conf');
});

it('has the password of the ARI user only where calls go out, another one each time', () => {
  const passwordOf = (direction: 'inbound' | 'both') => {
    const { files } = writer.write({ assistantId: '42', transport: 'audiosocket', direction });
    return /^ *password *= *(.+)$/m.exec(files.map(({ text }) => text).join('\n'))?.[1];
  };
  expect(passwordOf('inbound')).toBeUndefined();
  const [first, second] = [passwordOf('both'), passwordOf('both')];
  expect(first).toMatch(/^[\w-]{32}$/);
  expect(second).not.toBe(first);
});

it('says which releases there are, and that another one is none', () => {
  expect(writer.releases[0]).toMatch(/^23\./);
  const codeOf = (asterisk: string): string => {
    try {
      writer.write({ assistantId: '42', transport: 'audiosocket', asterisk });
      return 'ok';
    } catch (error) {
      return RapidaError.from(error).code;
    }
  };
  expect(writer.releases.filter((release) => Number.parseInt(release, 10) >= 18).map(codeOf)).toEqual(
    Array(6).fill('ok'),
  );
  expect(codeOf('99')).toBe('invalid_request');
});
