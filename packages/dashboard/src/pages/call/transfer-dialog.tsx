import type { Call } from '@rapida/client';
import { type FormEvent, useState } from 'react';
import { Link } from 'react-router';
import { useAssistant } from '../../data/assistants.js';
import { useCallControls } from '../../data/calls.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { SelectField } from '../../ui/field.js';
import { useNotice } from '../../ui/notices.js';
import { Answer, Failure } from '../../ui/states.js';

interface TransferDialogProps {
  readonly call: Call;
  readonly onClose: () => void;
}

/** Only to where the deployment of the assistant allows it. */
export function TransferDialog({ call, onClose }: TransferDialogProps) {
  const assistant = useAssistant(call.assistantId);
  return (
    <Dialog title="Transfer the call" onClose={onClose}>
      <Answer of={assistant} what="the transfer targets">
        {({ phoneDeployment: { transferTargets } }) =>
          transferTargets.length === 0 ? (
            <p>
              No target is allowed. Add one to the{' '}
              <Link to={`/assistants/${call.assistantId}/phone`} className="text-accent underline">
                phone deployment
              </Link>{' '}
              of the assistant.
            </p>
          ) : (
            <TransferForm callId={call.id} targets={transferTargets} onClose={onClose} />
          )
        }
      </Answer>
    </Dialog>
  );
}

interface TransferFormProps {
  readonly callId: string;
  readonly targets: readonly string[];
  readonly onClose: () => void;
}

function TransferForm({ callId, targets, onClose }: TransferFormProps) {
  const [target, setTarget] = useState(targets[0] ?? '');
  const { transfer } = useCallControls(callId);
  const tell = useNotice();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await transfer.mutateAsync(target);
    tell('The call is being handed over; its events say what became of it.');
    onClose();
  };
  return (
    <form onSubmit={(event) => void send(event).catch(() => {})} className="flex flex-col gap-3">
      <SelectField
        label="To"
        hint="Context, extension and priority of the dialplan"
        value={target}
        onChange={(event) => setTarget(event.target.value)}
      >
        {targets.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      {transfer.error !== null && <Failure error={transfer.error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" disabled={transfer.isPending}>
          Transfer
        </Button>
      </div>
    </form>
  );
}
