import { Button } from './button.js';
import { CopyButton } from './copy-button.js';
import { saveFile } from './save-file.js';

interface CodeBlockProps {
  readonly title: string;
  readonly text: string;
  /** With it the text can be saved under this name. */
  readonly fileName?: string;
}

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
        {text}
      </pre>
    </figure>
  );
}
