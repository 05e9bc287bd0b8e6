import { Outlet, ScrollRestoration, useNavigation } from 'react-router';
import { useSession } from '../data/session.js';
import { LiveProvider } from '../live/live-provider.js';
import { SignInPage } from '../pages/sign-in/sign-in-page.js';
import { Failure, Loading } from '../ui/states.js';
import { Navigation } from './navigation.js';

/** Around every page: who is not signed in sees the sign-in in its place, and comes back to where they were. */
export function Shell() {
  const session = useSession();
  if (session.data === undefined) {
    return (
      <main className="mx-auto max-w-xl p-4">
        {session.error === null ? (
          <Loading what="the dashboard" />
        ) : (
          <Failure error={session.error} onRetry={session.refetch} />
        )}
      </main>
    );
  }
  if (session.data === null) return <SignInPage />;
  return (
    <LiveProvider>
      <button
        type="button"
        className="sr-only z-30 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
        onClick={() => document.getElementById('main')?.focus()}
      >
        Skip to the page
      </button>
      <div className="md:grid md:min-h-dvh md:grid-cols-[13rem_minmax(0,1fr)]">
        <Navigation session={session.data} />
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl min-w-0 p-3 outline-none sm:p-5">
          <CurrentPage />
        </main>
      </div>
      <ScrollRestoration />
    </LiveProvider>
  );
}

function CurrentPage() {
  const { state } = useNavigation();
  return (
    <div aria-busy={state === 'loading'}>
      <Outlet />
    </div>
  );
}
