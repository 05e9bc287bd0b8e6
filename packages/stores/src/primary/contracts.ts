import type {
  ApiKeyStore,
  AssistantStore,
  CallContextStore,
  CallPace,
  CallPlaces,
  CallStore,
  CredentialStore,
  FiguresStore,
  Leases,
  NodeRegistry,
  PasswordStore,
  ProjectStore,
  SessionStore,
  WebhookStore,
} from '@rapida/core';
import type { Peer, Served } from './peer.js';

/**
 * How each method of a contract is carried: `ask` what is awaited, `tell` what nobody waits for. The compiler wants all of them,
 * of what can be cloned.
 */
export type MethodsOf<T> = {
  readonly [M in keyof T]-?: T[M] extends (...args: never[]) => Promise<unknown>
    ? 'ask'
    : T[M] extends (...args: never[]) => void
      ? 'tell'
      : never;
};

const CALLS: MethodsOf<CallStore> = {
  create: 'ask',
  createAll: 'ask',
  answer: 'ask',
  forgetAnswers: 'ask',
  due: 'ask',
  queued: 'ask',
  get: 'ask',
  getByContext: 'ask',
  list: 'ask',
  transition: 'ask',
  patch: 'ask',
  appendEvent: 'ask',
  events: 'ask',
  addTurn: 'ask',
  turns: 'ask',
  setMetric: 'ask',
  metrics: 'ask',
  analysed: 'ask',
  unanalysed: 'ask',
  unfinished: 'ask',
  takeOver: 'ask',
  replay: 'ask',
  forgetReplays: 'ask',
};

const ASSISTANTS: MethodsOf<AssistantStore> = {
  create: 'ask',
  get: 'ask',
  projectOf: 'ask',
  getVersion: 'ask',
  versions: 'ask',
  list: 'ask',
  saveConfig: 'ask',
  addVersion: 'ask',
  publish: 'ask',
  saveDeployment: 'ask',
  deployed: 'ask',
  remove: 'ask',
};

const CREDENTIALS: MethodsOf<CredentialStore> = {
  create: 'ask',
  get: 'ask',
  list: 'ask',
  save: 'ask',
  remove: 'ask',
  users: 'ask',
  used: 'ask',
  after: 'ask',
  reseal: 'ask',
};

const KEYS: MethodsOf<ApiKeyStore> = { create: 'ask', findByHash: 'ask', list: 'ask', revoke: 'ask' };

const PROJECTS: MethodsOf<ProjectStore> = { ensureDefault: 'ask', findDefault: 'ask' };

const FIGURES: MethodsOf<FiguresStore> = { ofCalls: 'ask' };

const PASSWORDS: MethodsOf<PasswordStore> = {
  get: 'ask',
  set: 'ask',
  replaceToken: 'ask',
  offerToken: 'ask',
  redeem: 'ask',
};

const SESSIONS: MethodsOf<SessionStore> = {
  create: 'ask',
  find: 'ask',
  seen: 'ask',
  end: 'ask',
  endOfPassword: 'ask',
  forget: 'ask',
};

const WEBHOOKS: MethodsOf<WebhookStore> = {
  create: 'ask',
  get: 'ask',
  list: 'ask',
  save: 'ask',
  forgetOf: 'ask',
  remove: 'ask',
  count: 'ask',
  due: 'ask',
  claim: 'ask',
  attempted: 'ask',
  addTest: 'ask',
  deliveries: 'ask',
  resend: 'ask',
  forgetDeliveries: 'ask',
};

/** Closing is each process's own affair. */
const CONTEXTS: Omit<MethodsOf<CallContextStore>, 'close'> = {
  put: 'ask',
  putAgain: 'ask',
  take: 'ask',
  withdraw: 'ask',
  expired: 'ask',
};

const NODES: MethodsOf<NodeRegistry> = {
  join: 'ask',
  renew: 'ask',
  list: 'ask',
  takeLost: 'ask',
  forget: 'ask',
  leave: 'ask',
};

const PLACES: MethodsOf<CallPlaces> = { take: 'ask', keep: 'tell', release: 'tell', dropOf: 'ask' };

const PACE: MethodsOf<CallPace> = { take: 'ask', begun: 'tell' };

const LEASES: MethodsOf<Leases> = { take: 'ask', release: 'ask' };

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
  places: PLACES,
  pace: PACE,
  leases: LEASES,
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
  readonly places: CallPlaces;
  readonly pace: CallPace;
  readonly leases: Leases;
}

export type ContractName = keyof Carried;

/** What the other side serves under this name. */
export function askedFrom<N extends ContractName>(peer: Peer, name: N, timeoutMs?: number): Carried[N] {
  const methods = Object.entries<'ask' | 'tell'>(CONTRACTS[name]).map(([method, way]) => [
    method,
    (...args: readonly unknown[]) =>
      way === 'ask' ? peer.ask(name, method, args, timeoutMs) : peer.tell(name, method, args),
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
