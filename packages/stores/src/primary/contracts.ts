import type {
  ApiKeyStore,
  AssistantStore,
  CallContextStore,
  CallStore,
  CredentialStore,
  FiguresStore,
  NodeRegistry,
  PasswordStore,
  ProjectStore,
  SessionStore,
  WebhookStore,
} from '@rapida/core';
import type { Peer, Served } from './peer.js';

/** The methods of a contract that can be asked from afar: what is awaited, of what can be cloned. The compiler wants all of them. */
export type MethodsOf<T> = {
  readonly [M in keyof T as T[M] extends (...args: never[]) => Promise<unknown> ? M : never]-?: true;
};

const CALLS: MethodsOf<CallStore> = {
  create: true,
  createAll: true,
  answer: true,
  forgetAnswers: true,
  due: true,
  queued: true,
  get: true,
  getByContext: true,
  list: true,
  transition: true,
  patch: true,
  appendEvent: true,
  events: true,
  addTurn: true,
  turns: true,
  setMetric: true,
  metrics: true,
  analysed: true,
  unanalysed: true,
  unfinished: true,
};

const ASSISTANTS: MethodsOf<AssistantStore> = {
  create: true,
  get: true,
  getVersion: true,
  versions: true,
  list: true,
  saveConfig: true,
  addVersion: true,
  publish: true,
  saveDeployment: true,
  deployed: true,
  remove: true,
};

const CREDENTIALS: MethodsOf<CredentialStore> = {
  create: true,
  get: true,
  list: true,
  save: true,
  remove: true,
  used: true,
  after: true,
  reseal: true,
};

const KEYS: MethodsOf<ApiKeyStore> = { create: true, findByHash: true, list: true, revoke: true };

const PROJECTS: MethodsOf<ProjectStore> = { ensureDefault: true, findDefault: true };

const FIGURES: MethodsOf<FiguresStore> = { ofCalls: true };

const PASSWORDS: MethodsOf<PasswordStore> = {
  get: true,
  set: true,
  replaceToken: true,
  offerToken: true,
  redeem: true,
};

const SESSIONS: MethodsOf<SessionStore> = {
  create: true,
  find: true,
  seen: true,
  end: true,
  endOfPassword: true,
  forget: true,
};

const WEBHOOKS: MethodsOf<WebhookStore> = {
  create: true,
  get: true,
  list: true,
  save: true,
  forgetOf: true,
  remove: true,
  count: true,
  due: true,
  claim: true,
  attempted: true,
  addTest: true,
  deliveries: true,
  resend: true,
  forgetDeliveries: true,
};

/** Closing is each process's own affair. */
const CONTEXTS: Omit<MethodsOf<CallContextStore>, 'close'> = { put: true, take: true, withdraw: true, expired: true };

const NODES: MethodsOf<NodeRegistry> = {
  join: true,
  renew: true,
  list: true,
  takeLost: true,
  forget: true,
  leave: true,
};

/** Everything that is carried as it is: one list for who asks and for who answers. */
const CONTRACTS = {
  calls: CALLS,
  assistants: ASSISTANTS,
  credentials: CREDENTIALS,
  keys: KEYS,
  projects: PROJECTS,
  figures: FIGURES,
  passwords: PASSWORDS,
  sessions: SESSIONS,
  webhooks: WEBHOOKS,
  contexts: CONTEXTS,
  nodes: NODES,
} as const;

interface Carried {
  readonly calls: CallStore;
  readonly assistants: AssistantStore;
  readonly credentials: CredentialStore;
  readonly keys: ApiKeyStore;
  readonly projects: ProjectStore;
  readonly figures: FiguresStore;
  readonly passwords: PasswordStore;
  readonly sessions: SessionStore;
  readonly webhooks: WebhookStore;
  readonly contexts: Omit<CallContextStore, 'close'>;
  readonly nodes: NodeRegistry;
}

export type ContractName = keyof Carried;

/** What the other side serves under this name. */
export function askedFrom<N extends ContractName>(peer: Peer, name: N, timeoutMs?: number): Carried[N] {
  const methods = Object.keys(CONTRACTS[name]).map((method) => [
    method,
    (...args: readonly unknown[]) => peer.ask(name, method, args, timeoutMs),
  ]);
  return Object.fromEntries(methods) as Carried[N];
}

export function serveTo<N extends ContractName>(peer: Peer, name: N, contract: Carried[N]): void {
  const served = contract as unknown as Served;
  const methods = Object.keys(CONTRACTS[name]).map((method) => [
    method,
    (...args: never[]) => served[method]?.(...args),
  ]);
  peer.serve(name, Object.fromEntries(methods) as Served);
}
