import { type FormEvent, useState } from 'react';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';

const TEXT_CHARS_MAX = 500;
/** What the server lets wait. */
const WAITING_MAX = 5;

interface SayFormProps {
  readonly waiting: readonly string[];
  readonly onSay: (text: string) => void;
}

export function SayForm({ waiting, onSay }: SayFormProps) {
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSay(text.trim());
    setText('');
  };
  return (
    <form onSubmit={send}>
      <TextField
        label="What you say"
        hint="A voice speaks it into the call, so that the recogniser hears it as it hears callers."
        maxLength={TEXT_CHARS_MAX}
        autoComplete="off"
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button type="submit" look="primary" disabled={text.trim() === '' || waiting.length >= WAITING_MAX}>
          Say it
        </Button>
        {waiting.length > 0 && <span className="text-muted">Still to be spoken: {waiting.join(' / ')}</span>}
      </div>
    </form>
  );
}
