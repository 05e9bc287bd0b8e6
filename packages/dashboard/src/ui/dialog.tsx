import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.js';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A modal window while it is in the page. The browser's own element: it keeps the keyboard inside, closes with Escape, gives
 * the keyboard back, and needs no style that a strict content security policy would refuse.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const { current } = dialog;
    const before = document.activeElement;
    current?.showModal();
    return () => {
      current?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      className="m-auto max-h-[92dvh] w-[min(40rem,94vw)] overflow-y-auto rounded-lg border border-line bg-surface p-4 text-text"
    >
      <div className="mb-3 flex items-start justify-between gap-3">
        <h2 id={id} className="text-lg font-semibold">
          {title}
        </h2>
        <Button look="quiet" onClick={onClose} aria-label="Close" className="-mt-1 -mr-1 text-lg">
          <span aria-hidden="true">×</span>
        </Button>
      </div>
      {children}
    </dialog>
  );
}
