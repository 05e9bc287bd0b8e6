import { type FormEvent, useState } from 'react';
import { type SignIn, useSignIn } from '../../data/session.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { SignInFailure } from './sign-in-failure.js';

type Way = 'password' | 'apiKey';

interface SignInFormProps {
  readonly hasPassword: boolean;
  /** A set-up link waits to be used. */
  readonly onSetUp: (() => void) | undefined;
}

/** With the password where one is set, or with a key. */
export function SignInForm({ hasPassword, onSetUp }: SignInFormProps) {
  const [way, setWay] = useState<Way>(hasPassword ? 'password' : 'apiKey');
  const [text, setText] = useState('');
  const signIn = useSignIn();
  const send = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate((way === 'password' ? { password: text } : { apiKey: text.trim() }) as SignIn);
  };
  const other = way === 'password' ? 'apiKey' : 'password';
  return (
    <form onSubmit={send} className="flex flex-col gap-3">
      <h1 className="text-base font-semibold">Sign in</h1>
      {way === 'password' ? (
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      ) : (
        <TextField
          label="API key"
          type="password"
          autoComplete="off"
          required
          placeholder="rpd-..."
          hint="On the server's own host it is in DATA_DIR/admin-api-key. It is sent once and not kept in this browser."
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      )}
      {signIn.error !== null && <SignInFailure error={signIn.error} />}
      <Button type="submit" look="primary" disabled={signIn.isPending || text === ''}>
        Sign in
      </Button>
      {hasPassword && (
        <Button
          look="quiet"
          onClick={() => {
            setWay(other);
            setText('');
            signIn.reset();
          }}
        >
          {other === 'apiKey' ? 'Sign in with an API key' : 'Sign in with the password'}
        </Button>
      )}
      {onSetUp !== undefined && (
        <Button look="quiet" onClick={onSetUp}>
          {hasPassword ? 'Set a new password with a set-up token' : 'Set the first password with a set-up token'}
        </Button>
      )}
    </form>
  );
}
