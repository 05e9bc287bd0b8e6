import { useState } from 'react';
import { TextField } from './field.js';

/** As the server has it. */
export const PASSWORD_CHARS_MIN = 10;

/** A password that is chosen, typed twice. What is wrong with it is shown from the first time that it was sent on. */
export function useNewPassword() {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [shown, setShown] = useState(false);
  const problem = problemOf(password, again);
  return {
    /** Undefined where it is not fit to be sent: what is wrong is said then. */
    take(): string | undefined {
      setShown(true);
      return problem === undefined ? password : undefined;
    },
    clear(): void {
      setPassword('');
      setAgain('');
      setShown(false);
    },
    fields: (
      <>
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
      </>
    ),
  };
}

function problemOf(password: string, again: string): string | undefined {
  if (password.length < PASSWORD_CHARS_MIN) return `The password needs at least ${PASSWORD_CHARS_MIN} characters.`;
  return password === again ? undefined : 'The two are not the same.';
}
