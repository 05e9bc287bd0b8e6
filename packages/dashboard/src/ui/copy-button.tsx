import { Button } from './button.js';
import { useNotice } from './notices.js';

interface CopyButtonProps {
  readonly text: string;
  /** What it is, for the label. */
  readonly what: string;
}

export function CopyButton({ text, what }: CopyButtonProps) {
  const tell = useNotice();
  const copy = async () => {
    try {
      await copyText(text);
      tell(`Copied: ${what}`);
    } catch {
      tell('The browser did not allow copying: select the text and copy it yourself.');
    }
  };
  return (
    <Button onClick={() => void copy()} aria-label={`Copy ${what}`}>
      Copy
    </Button>
  );
}

/** Browsers have a clipboard on secure pages only; on others the old command still works. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('not copied');
}
