import { useEffect, useState } from 'react';
import { useLocation } from 'react-router';
import { useSignInWays } from '../../data/session.js';
import { Answer } from '../../ui/states.js';
import { SetUpForm } from './set-up-form.js';
import { SignInForm } from './sign-in-form.js';

/** In the place of every page while nobody is signed in. */
export function SignInPage() {
  const ways = useSignInWays();
  const token = useSetUpToken();
  const [setsUp, setSetsUp] = useState(false);
  useEffect(() => {
    document.title = 'Sign in - Rapida';
  }, []);
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center p-4">
      <div className="rounded-lg border border-line bg-surface p-5">
        <p className="mb-1 text-lg font-bold tracking-tight">Rapida</p>
        <Answer of={ways} what="how to sign in">
          {({ password, setup }) =>
            token !== '' || setsUp ? (
              <SetUpForm token={token} onCancel={() => setSetsUp(false)} />
            ) : (
              <SignInForm
                hasPassword={password === 'set'}
                onSetUp={setup === 'open' ? () => setSetsUp(true) : undefined}
              />
            )
          }
        </Answer>
      </div>
    </main>
  );
}

/** The token of a link like `/setup#TOKEN`. It does not stay in the address bar, where the next viewer would find it. */
function useSetUpToken(): string {
  const { pathname, hash } = useLocation();
  const [token] = useState(() => (pathname === '/setup' ? hash.slice(1) : ''));
  useEffect(() => {
    if (hash !== '') history.replaceState(history.state, '', location.pathname);
  }, [hash]);
  return token;
}
