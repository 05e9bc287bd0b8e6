import { BRANCHES, FEATURES, type FeatureName, sinceIn } from './releases.js';

/** What each branch of Asterisk can do, as Markdown: the first release that has it. */
export function releasesTable(): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = Object.keys(FEATURES) as FeatureName[];
  return [
    row(['', ...BRANCHES.map(String)]),
    row(['---', ...BRANCHES.map(() => '---')]),
    ...names.map((name) =>
      row([FEATURES[name].title, ...BRANCHES.map((branch) => sinceIn(name, branch)?.replace(/\.0$/, '') ?? '-')]),
    ),
  ].join('\n');
}
