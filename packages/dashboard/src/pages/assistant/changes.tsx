import { type DiffLine, diffLines, type FieldChange } from './config-diff.js';

/** What is otherwise in two configurations, field by field. */
export function Changes({ changes }: { readonly changes: readonly FieldChange[] }) {
  if (changes.length === 0) return <p className="text-muted">Nothing is different.</p>;
  return (
    <ul className="flex flex-col gap-3">
      {changes.map((change) => (
        <li key={change.path} className="min-w-0">
          <p className="font-mono text-xs font-semibold">{change.path}</p>
          <Lines change={change} />
        </li>
      ))}
    </ul>
  );
}

const LOOKS = {
  same: { mark: ' ', words: '', look: 'text-muted' },
  gone: { mark: '-', words: 'before: ', look: 'bg-bad-soft text-bad' },
  new: { mark: '+', words: 'after: ', look: 'bg-good-soft text-good' },
} as const;

function Lines({ change: { before, after } }: { readonly change: FieldChange }) {
  const lines = linesOf(before, after);
  return (
    <div className="overflow-x-auto rounded-md border border-line font-mono text-xs">
      {lines.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place
        <div key={index} className={`min-w-fit px-2 whitespace-pre ${LOOKS[kind].look}`}>
          <span aria-hidden="true">{LOOKS[kind].mark} </span>
          <span className="sr-only">{LOOKS[kind].words}</span>
          {text === '' ? ' ' : text}
        </div>
      ))}
    </div>
  );
}

/** A side that is not there has no lines, not one empty line. */
function linesOf(before: unknown, after: unknown): readonly DiffLine[] {
  if (before === undefined) return linesAll('new', textOf(after));
  return after === undefined ? linesAll('gone', textOf(before)) : diffLines(textOf(before), textOf(after));
}

function linesAll(kind: DiffLine['kind'], text: string): readonly DiffLine[] {
  return text.split('\n').map((line) => ({ kind, text: line }));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
