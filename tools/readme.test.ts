import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assistantConfigSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe('the README', () => {
  it('hands out configuration that the generator wrote, and says how to get one of your own', () => {
    expect([...README.matchAll(/<!-- generated: (.*) -->/g)].map((match) => match[1])).toEqual([
      'audiosocket extensions.conf',
      'websocket extensions.conf',
      'websocket websocket_client.conf',
    ]);
    expect(README).toContain('npx rapida dialplan');
  });

  it('names only scripts that exist', () => {
    const named = [...README.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? '');
    expect(named).toContain('demo');
    expect(named.filter((script) => !(script in MANIFEST.scripts))).toEqual([]);
  });

  it('shows a configuration that the schema takes', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(README)?.[1] ?? '';
    const config = assistantConfigSchema.parse({ name: 'Hotel', ...(parse(yaml) as object) });
    expect([config.stt.provider, config.llm.provider, config.tts.voice]).toEqual([
      'openai-compatible',
      'openai-compatible',
      'alloy',
    ]);
  });

  it('shows nothing that the schema does not take', () => {
    const blocks = [...README.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);
    expect(blocks.length).toBeGreaterThan(1);
    for (const yaml of blocks)
      expect(assistantConfigSchema.safeParse({ name: 'x', ...parse(yaml) }).error).toBeUndefined();
  });

  it('links to pages that exist', () => {
    for (const [, target] of README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(join(ROOT, target ?? '')), target).not.toThrow();
    }
  });
});
