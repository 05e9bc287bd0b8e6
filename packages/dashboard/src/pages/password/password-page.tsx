import { type FormEvent, useState } from 'react';
import { useChangePassword, useSession } from '../../data/session.js';
import { Button } from '../../ui/button.js';
import { TextField } from '../../ui/field.js';
import { useNewPassword } from '../../ui/new-password.js';
import { useNotice } from '../../ui/notices.js';
import { Page } from '../../ui/page.js';
import { SignInFailure } from '../sign-in/sign-in-failure.js';

/** Changes what one signs in with. Whoever has an admin key may set it without knowing the old one. */
export default function PasswordPage() {
  const session = useSession();
  return (
    <Page
      title="Password"
      about="What an admin signs in with. Everybody else who is signed in with it has to sign in again."
    >
      <PasswordForm asksCurrent={session.data?.kind === 'password'} />
    </Page>
  );
}

function PasswordForm({ asksCurrent }: { readonly asksCurrent: boolean }) {
  const [current, setCurrent] = useState('');
  const chosen = useNewPassword();
  const change = useChangePassword();
  const tell = useNotice();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    const password = chosen.take();
    if (password === undefined) return;
    const changed = await change.mutateAsync({ password, ...(asksCurrent && { current }) }).then(
      () => true,
      () => false,
    );
    if (!changed) return;
    setCurrent('');
    chosen.clear();
    tell('The password was changed.');
  };
  return (
    <form onSubmit={(event) => void send(event)} className="flex max-w-md flex-col gap-3">
      {asksCurrent && (
        <TextField
          label="Password so far"
          type="password"
          autoComplete="current-password"
          required
          value={current}
          onChange={({ target }) => setCurrent(target.value)}
        />
      )}
      {chosen.fields}
      {change.error !== null && <SignInFailure error={change.error} />}
      <Button type="submit" look="primary" className="self-start" disabled={change.isPending}>
        Change the password
      </Button>
    </form>
  );
}
