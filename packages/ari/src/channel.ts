export interface AriParty {
  readonly name: string;
  readonly number: string;
}

export interface AriDialplan {
  readonly context: string;
  readonly exten: string;
  readonly priority: number;
  /** The application it is in, and what that was given; `''` in Asterisk below 18. */
  readonly appName: string;
  readonly appData: string;
}

/** What is used of Asterisk's Channel. A text that Asterisk left out is `''`. */
export interface AriChannel {
  readonly id: string;
  readonly name: string;
  /** `Down`, `Ring`, `Ringing`, `Up`, ... as Asterisk says it. */
  readonly state: string;
  readonly caller: AriParty;
  readonly connected: AriParty;
  readonly dialplan?: AriDialplan;
  /** Only what ari.conf or the kind of channel adds. */
  readonly channelvars?: Readonly<Record<string, string>>;
}

export interface AriBridge {
  readonly id: string;
  readonly name: string;
  /** Ids. */
  readonly channels: readonly string[];
}

/** Undefined without an id; everything else may be missing. */
export function readChannel(value: unknown): AriChannel | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields.id);
  if (id === '') return undefined;
  const dialplan = readDialplan(fields.dialplan);
  const channelvars = readVariables(fields.channelvars);
  return {
    id,
    name: textOf(fields.name),
    state: textOf(fields.state),
    caller: readParty(fields.caller),
    connected: readParty(fields.connected),
    ...(dialplan === undefined ? {} : { dialplan }),
    ...(channelvars === undefined ? {} : { channelvars }),
  };
}

export function readBridge(value: unknown): AriBridge | undefined {
  const fields = fieldsOf(value);
  const id = textOf(fields.id);
  if (id === '') return undefined;
  return { id, name: textOf(fields.name), channels: textsOf(fields.channels) };
}

/** No fields for anything but an object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function readParty(value: unknown): AriParty {
  const fields = fieldsOf(value);
  return { name: textOf(fields.name), number: textOf(fields.number) };
}

function readDialplan(value: unknown): AriDialplan | undefined {
  const { context, exten, priority, app_name, app_data } = fieldsOf(value);
  if (typeof context !== 'string' || typeof exten !== 'string' || typeof priority !== 'number') return undefined;
  return { context, exten, priority, appName: textOf(app_name), appData: textOf(app_data) };
}

function readVariables(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // fromEntries defines its properties, so that no name can reach the prototype.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => typeof each === 'string'));
}
