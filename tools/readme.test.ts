import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assistantConfigSchema } from '@rapida/core';
import { audioSocketDialplan, type DialplanValues, webSocketClientConf, webSocketDialplan } from '@rapida/server';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const MANIFEST = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const VALUES: DialplanValues = {
  publicHost: 'pbx-ai.example.com:8080',
  scheme: 'http',
  audiosocketPort: 4573,
  assistantId: '123456789',
  apiKey: 'rpd-...',
};

/** The fenced block behind a marker, without its fence. */
function block(marker: string): string {
  return new RegExp(`<!-- ${marker} -->\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(README)?.[1] ?? '';
}

describe('the README', () => {
  it('hands out the dialplans that the server prints', () => {
    expect(block('dialplan: audiosocket')).toBe(audioSocketDialplan(VALUES));
    expect(block('dialplan: websocket')).toBe(webSocketDialplan(VALUES));
    expect(block('dialplan: websocket_client')).toBe(webSocketClientConf(VALUES));
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

  it('links to pages that exist', () => {
    for (const [, target] of README.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
      expect(() => readFileSync(join(ROOT, target ?? '')), target).not.toThrow();
    }
  });
});
