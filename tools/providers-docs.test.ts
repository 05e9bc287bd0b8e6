import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assistantConfigSchema, modelSchema, realtimeSchema, recogniserSchema, voiceSchema } from '@rapida/core';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

/** `docs/providers.md` and the pages below it, held to the schemas both ways. */
const DOCS = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs');
const read = (path: string): string => readFileSync(join(DOCS, path), 'utf8');

interface Engine {
  readonly provider: string;
  readonly options: readonly string[];
}

type Variant = { readonly shape: Readonly<Record<string, unknown>> };

function enginesOf(schema: { readonly options: readonly Variant[] }): Engine[] {
  return schema.options.map(({ shape }) => {
    // A literal, or one behind a default.
    const literal = JSON.stringify((shape.provider as { readonly def: object }).def);
    const provider = /"values":\["([^"]+)"\]/.exec(literal)?.[1] ?? '';
    return { provider, options: Object.keys(shape).filter((name) => name !== 'provider') };
  });
}

const SCHEMAS = [recogniserSchema, modelSchema, voiceSchema].flatMap(enginesOf);
const PAGES: Readonly<Record<string, string>> = { openai: 'openai-realtime', google: 'gemini-live' };
const REALTIME = enginesOf(realtimeSchema).map((engine) => ({ ...engine, page: PAGES[engine.provider] ?? '' }));

describe('the page of a provider', () => {
  it.each(SCHEMAS)('$provider has every option of the schema', ({ provider, options }) => {
    const page = read(`providers/${provider}.md`);
    for (const option of options) expect(page).toMatch(new RegExp(`\`[a-z.]*${option}\``));
    expect(read('providers.md')).toContain(`(providers/${provider}.md)`);
  });

  it.each(REALTIME)('$page has every option of the schema', ({ page, options }) => {
    for (const option of options) expect(read(`providers/${page}.md`)).toContain(`\`${option}\``);
  });

  it('is in the index, whatever it is about', () => {
    const index = read('providers.md');
    for (const file of readdirSync(join(DOCS, 'providers'))) expect(index).toContain(`(providers/${file})`);
  });
});

const BLOCKS = [
  'providers.md',
  'tools.md',
  ...readdirSync(join(DOCS, 'providers')).map((file) => `providers/${file}`),
].flatMap((file) =>
  [...read(file).matchAll(/```ya?ml\n([\s\S]*?)```/g)].map(([, yaml = ''], index) => ({ file, index, yaml })),
);

describe('the configurations in the pages', () => {
  it.each(BLOCKS)('$file, number $index, is one', ({ yaml }) => {
    const { error } = assistantConfigSchema.safeParse({ name: 'x', ...parse(yaml) });
    expect(error?.issues).toBeUndefined();
  });
});
