import { type FormEvent, useState } from 'react';
import { useSetUp } from '../../data/session.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { useNewPassword } from '../../ui/new-password.js';
import { SignInFailure } from './sign-in-failure.js';

interface SetUpFormProps {
  /** Of the link; empty: it is asked for. */
  readonly token: string;
  readonly onCancel: () => void;
}

/** The first thing on a new server: the password of whoever holds the link that it printed. */
export function SetUpForm({ token: given, onCancel }: SetUpFormProps) {
  const [token, setToken] = useState(given);
  const chosen = useNewPassword();
  const setUp = useSetUp();
  const send = (event: FormEvent) => {
    event.preventDefault();
    const password = chosen.take();
    if (password !== undefined) setUp.mutate({ token: token.trim(), password });
  };
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <h1 className="text-base font-semibold">Set a password</h1>
      {given === '' && (
        <TextField
          label="Set-up token"
          autoComplete="off"
          required
          hint="The server printed a link with it when it started; `rapida password link` prints a new one."
          value={token}
          onChange={({ target }) => setToken(target.value)}
        />
      )}
      {chosen.fields}
      {setUp.error !== null && <SignInFailure error={setUp.error} />}
      <Button type="submit" look="primary" disabled={setUp.isPending}>
        Set the password and sign in
      </Button>
      {given === '' && (
        <Button look="quiet" onClick={onCancel}>
          Back to the sign-in
        </Button>
      )}
    </form>
  );
}
