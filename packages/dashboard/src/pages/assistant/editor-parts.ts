import type { Problem } from '../../schema/problems.js';

export interface EditorPart {
  readonly name: string;
  readonly label: string;
  /** Of the configuration. */
  readonly fields: readonly string[];
}

const PARTS: readonly EditorPart[] = [
  { name: 'words', label: 'What it says', fields: ['name', 'language', 'greeting', 'instructions', 'variables'] },
  { name: 'intents', label: 'Intents', fields: ['dialogue'] },
  { name: 'engines', label: 'Model and voice', fields: ['stt', 'llm', 'tts', 'realtime', 'fallback', 'budgets'] },
  { name: 'turns', label: 'Turn-taking', fields: ['turn', 'silence', 'filler'] },
  { name: 'tools', label: 'Tools', fields: ['tools', 'transfer'] },
  { name: 'limits', label: 'Limits', fields: ['limits', 'failure'] },
  { name: 'after', label: 'Afterwards', fields: ['recording', 'afterCall', 'speaking'] },
];

/** All fields that the server has: what a newer one adds stands in a part of its own. */
export function editorParts(fields: readonly string[]): readonly EditorPart[] {
  const known = new Set(PARTS.flatMap((part) => part.fields));
  const more = fields.filter((name) => !known.has(name));
  return more.length === 0 ? PARTS : [...PARTS, { name: 'more', label: 'More', fields: more }];
}

export function problemsIn({ fields }: EditorPart, problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ path }) => fields.includes(path.split('.')[0] ?? ''));
}
