import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServer } from './server.js';
import { SESSION_KEY } from './session-key.js';

/** Who is signed in. */
export interface Session {
  readonly kind: 'key' | 'password';
  readonly name: string;
  readonly scopes: readonly string[];
  readonly expiresAt: string;
}

/** How one can sign in here. */
export interface SignInWays {
  readonly password: 'set' | 'unset';
  readonly setup: 'open' | 'closed';
  /** Who is signed in already. */
  readonly session: Session | null;
}

export type SignIn = { readonly apiKey: string } | { readonly password: string };

/** Null: nobody. */
export function useSession() {
  const { requests } = useServer();
  return useQuery({
    queryKey: SESSION_KEY,
    // What answers everybody: that nobody is signed in is no failure, and browsers log failures.
    queryFn: async ({ signal }) => (await requests.json<SignInWays>('GET', '/v1/sign-in', { signal })).session,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Whether who is signed in may do what needs this scope. */
export function useMay(scope: 'calls' | 'admin'): boolean {
  const { data } = useSession();
  return data?.scopes.some((one) => one === scope || one === 'admin') ?? false;
}

export function useSignInWays() {
  const { requests } = useServer();
  return useQuery({
    queryKey: ['sign-in'],
    queryFn: ({ signal }) => requests.json<SignInWays>('GET', '/v1/sign-in', { signal }),
  });
}

export function useSignIn() {
  const { requests } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: SignIn) => requests.json<Session>('POST', '/v1/session', { body }),
    onSuccess: (session) => client.setQueryData(SESSION_KEY, session),
  });
}

/** Sets the password with the token that the server printed, and signs in. */
export function useSetUp() {
  const { requests } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: { readonly token: string; readonly password: string }) =>
      requests.json<Session>('POST', '/v1/session/setup', { body }),
    onSuccess: (session) => client.setQueryData(SESSION_KEY, session),
  });
}

/** `current` where one is signed in with the password. */
export function useChangePassword() {
  const { requests } = useServer();
  return useMutation({
    mutationFn: (body: { readonly password: string; readonly current?: string }) =>
      requests.json<void>('PUT', '/v1/password', { body }),
  });
}

export function useSignOut() {
  const { requests } = useServer();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => requests.json<void>('DELETE', '/v1/session'),
    // Nothing that was read stays in this page for whoever comes next.
    onSettled: () => {
      client.setQueryData(SESSION_KEY, null);
      client.removeQueries({ predicate: ({ queryKey: [name] }) => name !== SESSION_KEY[0] });
    },
  });
}
