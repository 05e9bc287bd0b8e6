import { type FormEvent, useState } from 'react';
import { useSetUp } from '../../data/session.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { SignInFailure } from './sign-in-failure.js';

export const PASSWORD_CHARS_MIN = 10;

interface SetUpFormProps {
  /** Of the link; empty: it is asked for. */
  readonly token: string;
  readonly onCancel: () => void;
}

/** The first thing on a new server: the password of whoever holds the link that it printed. */
export function SetUpForm({ token: given, onCancel }: SetUpFormProps) {
  const [token, setToken] = useState(given);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [shown, setShown] = useState(false);
  const setUp = useSetUp();
  const problem = problemOf(password, again);
  const send = (event: FormEvent) => {
    event.preventDefault();
    setShown(true);
    if (problem === undefined) setUp.mutate({ token: token.trim(), password });
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
      <TextField
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        hint={`At least ${PASSWORD_CHARS_MIN} characters`}
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      <TextField
        label="The same again"
        type="password"
        autoComplete="new-password"
        required
        error={shown ? problem : undefined}
        value={again}
        onChange={({ target }) => setAgain(target.value)}
      />
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

function problemOf(password: string, again: string): string | undefined {
  if (password.length < PASSWORD_CHARS_MIN) return `The password needs at least ${PASSWORD_CHARS_MIN} characters.`;
  return password === again ? undefined : 'The two are not the same.';
}
