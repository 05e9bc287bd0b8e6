import { Button } from './button.js';
import { CopyButton } from './copy-button.js';

interface ShownOnceProps {
  readonly text: string;
  /** As in "Copy the key". */
  readonly what: string;
  /** What it is for. */
  readonly about: string;
  /** For tests: whose secret it is. */
  readonly name: string;
  readonly onDone: () => void;
}

/** The only time that a secret of ours is anywhere but with whoever uses it. */
export function ShownOnce({ text, what, about, name, onDone }: ShownOnceProps) {
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{about} Copy it now: it is shown this one time only.</p>
      <p className="rounded-md bg-sunken p-3 font-mono [overflow-wrap:anywhere]" data-secret={name}>
        {text}
      </p>
      <div className="flex justify-end gap-2">
        <CopyButton text={text} what={what} />
        <Button look="primary" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
