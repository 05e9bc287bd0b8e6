import { useCancelCalls } from '../../data/calls.js';
import { ConfirmButton } from '../../ui/confirm.js';

/** For a list that should not have been placed: what is not dialled yet never is. */
export function CancelWaiting({ ids }: { readonly ids: readonly string[] }) {
  const { mutateAsync: cancel } = useCancelCalls();
  return (
    <ConfirmButton
      label="Cancel what waits"
      title="Cancel the calls that wait?"
      disabled={ids.length === 0}
      onConfirm={() => cancel(ids)}
    >
      Calls that are in the queue are never dialled, {ids.length} as was last seen. One that begins to ring in this
      moment is hung up; those that ring or are held already go on.
    </ConfirmButton>
  );
}
