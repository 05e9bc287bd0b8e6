import { Rapida } from '@rapida/client';
import { createContext, type ReactNode, useContext } from 'react';
import { basePath } from '../base.js';
import { createRequests, type Requests } from './request.js';
import { sessionFetch } from './session-fetch.js';

/** The two ways to the server. Only the hooks of this folder use them. */
export interface ServerAccess {
  readonly rapida: Rapida;
  readonly requests: Requests;
  /** Where the application begins, without a slash at its end. */
  readonly url: string;
}

/** Interactive requests: what is not there after this long is better said than waited for. */
const TIMEOUT_MS = 15_000;

export function createServerAccess(document: Document): ServerAccess {
  const url = `${new URL(document.baseURI).origin}${basePath(document)}`.replace(/\/$/, '');
  const fetchIt = sessionFetch((input, init) => fetch(input, init));
  // Repeated by the queries, where the viewer sees that it is.
  const rapida = new Rapida({ url, fetch: fetchIt, retries: 0, timeoutMs: TIMEOUT_MS });
  return { rapida, requests: createRequests(url, fetchIt), url };
}

const ServerContext = createContext<ServerAccess | undefined>(undefined);

export function ServerProvider({ access, children }: { readonly access: ServerAccess; readonly children: ReactNode }) {
  return <ServerContext value={access}>{children}</ServerContext>;
}

export function useServer(): ServerAccess {
  const access = useContext(ServerContext);
  if (access === undefined) throw new Error('outside of ServerProvider');
  return access;
}
