import { phoneDeploymentSchema } from '@rapida/core';

/** As the server has it; sections that this version does not know stay as they are. */
export type DeploymentJson = Readonly<Record<string, unknown>>;
type Section = Readonly<Record<string, unknown>>;

/** What the command line names of a deployment. An empty text unsets: the credential's or the default counts again. */
export interface DeploymentOptions {
  readonly phone?: string;
  readonly context?: string;
  readonly extension?: string;
  readonly app?: string;
  readonly technology?: string;
  readonly trunk?: string;
  readonly media?: string;
  readonly format?: string;
  readonly ringSeconds?: string;
  readonly maxSeconds?: string;
  readonly concurrentCalls?: string;
  readonly transferTarget?: readonly string[];
  readonly enable?: true;
  readonly disable?: true;
}

interface Change {
  readonly flag: string;
  readonly path: readonly [string] | readonly [string, string];
  /** Undefined: unset. */
  readonly value: unknown;
}

/** The deployment with these changes. Fails where one of them is not accepted, naming its option. */
export function changeDeployment(
  deployment: DeploymentJson,
  options: DeploymentOptions,
  credentialId: string | undefined,
): DeploymentJson {
  const changes = changesOf(options, credentialId);
  const changed = changes.reduce(withChange, deployment);
  const { error } = phoneDeploymentSchema.safeParse(changed);
  for (const { flag, path } of changes) {
    const issue = error?.issues.find((one) => path.every((name, depth) => one.path[depth] === name));
    if (issue !== undefined) throw new Error(`${flag}: ${wordsOf(issue)}${path[1]?.endsWith('Ms') ? ' ms' : ''}`);
  }
  return changed;
}

export function namesChange(options: DeploymentOptions, credential: string | undefined): boolean {
  return changesOf(options, credential).length > 0;
}

function changesOf(options: DeploymentOptions, credentialId: string | undefined): Change[] {
  const { enable, disable, transferTarget } = options;
  const text = (name: keyof DeploymentOptions, path: Change['path'], read: Read = asText) => {
    const given = options[name];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (typeof given !== 'string') return [];
    return [{ flag, path, value: given === '' ? undefined : read(given, flag) }];
  };
  return [
    ...(credentialId === undefined
      ? []
      : [{ flag: '--credential', path: ['credentialId'] as const, value: credentialId || undefined }]),
    ...text('phone', ['options', 'phone']),
    ...text('context', ['options', 'context']),
    ...text('extension', ['options', 'extension']),
    // Calls go to a context or to an application: naming the one takes the other away.
    ...(options.app ? [{ flag: '--app', path: ['options', 'context'] as const, value: undefined }] : []),
    ...text('app', ['options', 'app']),
    ...text('technology', ['options', 'endpoint_technology']),
    ...text('trunk', ['options', 'trunk']),
    ...text('media', ['media', 'transport']),
    ...text('format', ['media', 'format']),
    ...text('ringSeconds', ['limits', 'ringMs'], millisecondsOf),
    ...text('maxSeconds', ['limits', 'callMs'], millisecondsOf),
    ...text('concurrentCalls', ['limits', 'concurrentCalls'], numberOf),
    ...(transferTarget === undefined
      ? []
      : [{ flag: '--transfer-target', path: ['transferTargets'] as const, value: transferTarget.filter(Boolean) }]),
    ...(enable || disable ? [{ flag: '--enable', path: ['enabled'] as const, value: enable === true }] : []),
  ];
}

type Read = (text: string, flag: string) => unknown;

const asText: Read = (text) => text;

function numberOf(text: string, flag: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw new Error(`${flag}: accepted is a whole number`);
}

function millisecondsOf(text: string, flag: string): number {
  return numberOf(text, flag) * 1_000;
}

function withChange(deployment: DeploymentJson, { path: [first, second], value }: Change): DeploymentJson {
  if (second === undefined) return withEntry(deployment, first, value);
  return withEntry(deployment, first, withEntry((deployment[first] ?? {}) as Section, second, value));
}

function withEntry(section: Section, name: string, value: unknown): Section {
  const { [name]: _old, ...others } = section;
  return value === undefined ? others : { ...others, [name]: value };
}

interface Issue {
  readonly code: string;
  readonly message: string;
  readonly errors?: readonly (readonly Issue[])[];
}

/** Of a choice between forms, what the last of them says: the first is the empty text. */
function wordsOf({ message, errors }: Issue): string {
  return errors?.at(-1)?.[0]?.message ?? message;
}
