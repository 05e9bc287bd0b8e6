import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { saveFile } from './save-file.js';

interface CodeBlockProps {
  readonly title: string;
  readonly text: string;
  /** With it the text can be saved under this name. */
  readonly fileName?: string;
}

/** More than anybody reads in a page; what is copied and saved is whole. */
const SHOWN_CHARS_MAX = 100_000;

export function CodeBlock({ title, text, fileName }: CodeBlockProps) {
  return (
    <figure className="mb-3 overflow-hidden rounded-md border border-line">
      <figcaption className="flex flex-wrap items-center justify-between gap-2 border-b border-line bg-sunken px-3 py-1.5">
        <span className="font-medium">{title}</span>
        <span className="flex gap-2">
          <CopyButton text={text} what={title} />
          {fileName !== undefined && <Button onClick={() => saveFile(fileName, text)}>Download</Button>}
        </span>
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrollable with the keyboard
        tabIndex={0}
        className="max-h-[28rem] overflow-auto bg-surface p-3 font-mono text-xs leading-5"
      >
        {text.slice(0, SHOWN_CHARS_MAX)}
      </pre>
      {text.length > SHOWN_CHARS_MAX && (
        <p className="border-t border-line bg-sunken px-3 py-1.5 text-muted">
          This is the beginning. What is copied or downloaded is the whole.
        </p>
      )}
    </figure>
  );
}
