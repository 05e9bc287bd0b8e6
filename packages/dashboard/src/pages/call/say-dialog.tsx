import { type FormEvent, useState } from 'react';
import { useCallControls } from '../../data/calls.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { TextArea } from '../../ui/field.js';
import { useNotice } from '../../ui/notices.js';
import { Failure } from '../../ui/states.js';

const TEXT_CHARS_MAX = 2_000;

interface SayDialogProps {
  readonly callId: string;
  readonly onClose: () => void;
}

export function SayDialog({ callId, onClose }: SayDialogProps) {
  const [text, setText] = useState('');
  const { say } = useCallControls(callId);
  const tell = useNotice();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    await say.mutateAsync(text.trim());
    tell('It is said as soon as nobody speaks.');
    onClose();
  };
  return (
    <Dialog title="Say this in the call" onClose={onClose}>
      <form onSubmit={(event) => void send(event).catch(() => {})} className="flex flex-col gap-3">
        <TextArea
          label="What the assistant shall say"
          hint="It is said as soon as nobody speaks, in the voice of the assistant."
          rows={3}
          maxLength={TEXT_CHARS_MAX}
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        {say.error !== null && <Failure error={say.error} />}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={say.isPending || text.trim() === ''}>
            Say it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
