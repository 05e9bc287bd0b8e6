/** Every page, as the address bar has it. `:assistant` and `:call` are put in by whoever opens them. */
export const PAGES = [
  { name: 'overview', path: '/' },
  { name: 'first-steps', path: '/start' },
  { name: 'calls-now', path: '/calls' },
  { name: 'calls-history', path: '/calls?view=history' },
  { name: 'call', path: '/calls/:call' },
  { name: 'call-events', path: '/calls/:call?tab=events' },
  { name: 'call-callbacks', path: '/calls/:call?tab=deliveries' },
  { name: 'call-metrics', path: '/calls/:call?tab=metrics' },
  { name: 'call-json', path: '/calls/:call?tab=json' },
  { name: 'place-call', path: '/calls/place' },
  { name: 'place-list', path: '/calls/place-list' },
  { name: 'assistants', path: '/assistants' },
  { name: 'assistant-new', path: '/assistants/new' },
  { name: 'assistant', path: '/assistants/:assistant' },
  { name: 'assistant-versions', path: '/assistants/:assistant/versions' },
  { name: 'assistant-telephone', path: '/assistants/:assistant/phone' },
  { name: 'assistant-test-call', path: '/assistants/:assistant/test' },
  { name: 'credentials', path: '/credentials' },
  { name: 'keys', path: '/keys' },
  { name: 'webhooks', path: '/webhooks' },
  { name: 'deliveries', path: '/webhooks/deliveries' },
  { name: 'nodes', path: '/nodes' },
  { name: 'password', path: '/password' },
] as const;

export interface Filled {
  readonly assistant: string;
  readonly call: string;
}

export function filledPath(path: string, { assistant, call }: Filled): string {
  return path.replace(':assistant', assistant).replace(':call', call);
}
