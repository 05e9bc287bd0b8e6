import { type ReactNode, useState } from 'react';
import { Button, type ButtonLook } from './button.js';
import { Dialog } from './dialog.js';
import { Failure } from './states.js';

interface ConfirmButtonProps {
  /** On the button, and again in the window. */
  readonly label: string;
  readonly title: string;
  /** What it means. */
  readonly children: ReactNode;
  readonly look?: ButtonLook;
  readonly disabled?: boolean;
  /** Closes the window when it is done; what it fails with is shown there. */
  readonly onConfirm: () => Promise<unknown>;
}

/** Asks once more before something that cannot be taken back. */
export function ConfirmButton({
  label,
  title,
  children,
  look = 'danger',
  disabled = false,
  onConfirm,
}: ConfirmButtonProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look={look} disabled={disabled} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && (
        <Dialog title={title} onClose={() => setOpen(false)}>
          <Question label={label} onConfirm={onConfirm} onClose={() => setOpen(false)}>
            {children}
          </Question>
        </Dialog>
      )}
    </>
  );
}

interface QuestionProps extends Pick<ConfirmButtonProps, 'label' | 'children' | 'onConfirm'> {
  readonly onClose: () => void;
}

function Question({ label, children, onConfirm, onClose }: QuestionProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const act = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <>
      <div className="mb-4">{children}</div>
      {error !== undefined && <Failure error={error} />}
      <div className="mt-3 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" disabled={busy} onClick={() => void act()}>
          {label}
        </Button>
      </div>
    </>
  );
}
