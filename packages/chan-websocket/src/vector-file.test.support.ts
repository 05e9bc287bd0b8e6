import { readFileSync } from 'node:fs';

export interface Vector {
  readonly title: string;
  /** Lines of the fenced blocks by their language. */
  readonly blocks: ReadonlyMap<string, readonly string[]>;
}

/** Reads `vectors/<name>`: each `##` section is one vector. One that could not fail throws. */
export function readVectors(name: string): Vector[] {
  const text = readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const blocks = new Map<string, readonly string[]>();
      for (const [, language = '', body = ''] of section.matchAll(/^```([\w-]+)\n([\s\S]*?)^```$/gm)) {
        blocks.set(language, body.split('\n').slice(0, -1));
      }
      const title = section.slice(0, section.indexOf('\n'));
      const inputs = ['plain-text', 'json-text', 'script'].filter((language) => blocks.has(language));
      if (inputs.length === 0 || !blocks.get('log')?.length)
        throw new Error(`nothing to run or to expect in: ${title}`);
      return { title, blocks };
    });
}
