import { useState } from 'react';
import { NavLink } from 'react-router';
import type { Session } from '../data/session.js';
import { useSignOut } from '../data/session.js';
import { Button } from '../ui/button.js';
import { classNames } from '../ui/class-names.js';
import { FeedNotice } from './feed-notice.js';
import { ThemeSwitch } from './theme-switch.js';

interface Place {
  readonly to: string;
  readonly label: string;
  readonly scope: 'calls' | 'admin';
}

const PLACES: readonly Place[] = [
  { to: '/', label: 'Overview', scope: 'calls' },
  { to: '/calls', label: 'Calls', scope: 'calls' },
  { to: '/assistants', label: 'Assistants', scope: 'calls' },
  { to: '/credentials', label: 'Credentials', scope: 'admin' },
  { to: '/keys', label: 'API keys', scope: 'admin' },
  { to: '/webhooks', label: 'Webhooks', scope: 'admin' },
  { to: '/nodes', label: 'Nodes', scope: 'admin' },
  { to: '/start', label: 'First steps', scope: 'calls' },
];

/** Beside the page where it is wide, behind a button above it where it is narrow. */
export function Navigation({ session }: { readonly session: Session }) {
  const [open, setOpen] = useState(false);
  const may = (scope: string) => session.scopes.includes(scope) || session.scopes.includes('admin');
  return (
    <header className="border-line bg-surface max-md:border-b md:sticky md:top-0 md:h-dvh md:overflow-y-auto md:border-r">
      <div className="flex items-center justify-between p-3">
        <NavLink to="/" className="text-lg font-bold tracking-tight">
          Rapida
        </NavLink>
        <Button className="md:hidden" aria-expanded={open} aria-controls="navigation" onClick={() => setOpen(!open)}>
          Menu
        </Button>
      </div>
      <div id="navigation" className={classNames('px-2 pb-3 md:block', !open && 'hidden')}>
        <nav aria-label="Pages">
          <ul className="flex flex-col gap-0.5">
            {PLACES.filter(({ scope }) => may(scope)).map(({ to, label }) => (
              <li key={to}>
                <NavLink to={to} end={to === '/'} onClick={() => setOpen(false)} className={linkClass}>
                  {label}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="mt-4 flex flex-col gap-2 border-t border-line px-2 pt-3 text-xs text-muted">
          <FeedNotice />
          <ThemeSwitch />
          <p className="[overflow-wrap:anywhere]">Signed in: {session.name}</p>
          {may('admin') && (
            <NavLink to="/password" onClick={() => setOpen(false)} className="self-start underline">
              Change the password
            </NavLink>
          )}
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

function linkClass({ isActive }: { readonly isActive: boolean }): string {
  return classNames(
    'block min-h-8 rounded-md px-2.5 py-1.5 font-medium',
    isActive ? 'bg-accent-soft text-accent' : 'text-text hover:bg-sunken',
  );
}

function SignOutButton() {
  const signOut = useSignOut();
  return (
    <Button className="self-start text-text" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
      Sign out
    </Button>
  );
}
