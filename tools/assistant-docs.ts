import { assistantJsonSchema, CALL_OVERRIDE_FIELDS } from '@rapida/core';

/** The little of JSON Schema that a configuration is described with. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

const INTRO = `What an assistant is: the body of \`POST /v1/assistants\` and the YAML of \`rapida assistants apply\`. Every field has a default but \`name\`; a field that is not known is refused by name. Times are in milliseconds.

Editors check and complete the YAML by [assistant.schema.json](assistant.schema.json), which each server also has under \`/v1/assistants/schema.json\`; \`rapida assistants export\` puts the line for it at the head of the file:

\`\`\`yaml
# yaml-language-server: $schema=http://localhost:8080/v1/assistants/schema.json
name: Front desk
greeting: Hello, this is {{company}}.
variables:
  company: Acme
\`\`\`

\`{{name}}\` is filled in greeting, prompts, instructions, replies, and HTTP tools. Of several values under one name the one nearest to the call is taken: \`caller\` (the number on the telephone, always), then the overrides of the call, its \`args\`, its metadata, the assistant's \`variables\`, and last \`language\`, which is that of the call. A name without a value leaves nothing behind.`;

const VERSIONS = `## Versions

Whatever is saved becomes a version, which is never changed; one of them is live. \`PUT /v1/assistants/{id}\` saves and makes live, \`POST .../versions\` only saves, \`POST .../versions/{n}/publish\` makes live: publishing an older one rolls back. A version is checked when it is saved and again when it is published, because a credential that only versions name which are not live can be removed. Of more than a thousand versions the oldest are forgotten, never the live one; a call that waits with a forgotten one fails with \`assistant_version_not_found\`. The phone deployment has no versions.

A call keeps the version it began with (\`assistantVersion\` in its record): a call that comes in the one that is live then, an order of a call the one that is live when it is placed, also where it waits for days: what was checked and answered is what will be said. \`"version": "7"\` of an order takes that one.`;

const AFTER = `## After the call

What \`afterCall\` asks for is made by the assistant's own language model (\`llm\`, with its \`fallback\`), when the call has ended and something was said in it. It stands as \`analysis\` in the call, and the event \`call.analysed\` tells it right after \`call.ended\`, whose data says \`"analysis": "pending"\` then. An answer that is not what was asked for is asked for once more. A failure is recorded with its code and touches nothing else. What a restart interrupts is made after it, at most three times.

The schema of \`extract\` may use whatever JSON Schema has but \`pattern\`, \`patternProperties\`, \`format\` and references to elsewhere.`;

/** `docs/reference/assistant.schema.json`. */
export function assistantSchemaFile(): string {
  return `${JSON.stringify(assistantJsonSchema(), null, 2)}\n`;
}

/** `docs/reference/assistant.md`. */
export function assistantPage(generated: string): string {
  const { properties = {}, required = [] } = assistantJsonSchema() as unknown as Schema;
  const rows = Object.entries(properties).flatMap(([name, schema]) => rowsOf(name, schema, required.includes(name)));
  const engines = Object.entries(properties).filter(([, schema]) => isEngine(schema));
  return [
    '# Assistant',
    generated,
    INTRO,
    '## Fields',
    table(rows),
    ...engines.flatMap(([name, schema]) => [`## ${name}`, engineTable(schema)]),
    overrides(),
    VERSIONS,
    AFTER,
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

function overrides(): string {
  const fields = CALL_OVERRIDE_FIELDS.map((field) => `\`${field}\``).join(', ');
  return `## Overrides of one call

\`options.overrides\` of an order of a call (an object, or its JSON text) says what that call has otherwise than its assistant: ${fields}; of \`recording.enabled\` only \`false\`. Anything else, and what the assistant's engines do not take, is refused with \`invalid_request\` and the name of the field. The record of the call shows what was set, but for the text of the instructions.`;
}

function rowsOf(path: string, schema: Schema, isRequired: boolean): string[][] {
  const row = [`\`${path}\``, typeOf(schema), isRequired ? 'required' : defaultOf(schema), schema.description ?? ''];
  return [row, ...inner(path, schema)];
}

function inner(path: string, { properties = {}, required = [], items, oneOf = [] }: Schema): string[][] {
  const fields = Object.entries(properties).flatMap(([name, schema]) =>
    rowsOf(`${path}.${name}`, schema, required.includes(name)),
  );
  const listed = items === undefined || isEngine(items) ? [] : inner(`${path}[]`, items);
  // Variants that are told apart by their type are short; those by provider have tables of their own.
  const variants = isEngine({ oneOf }) ? [] : oneOf.flatMap((variant) => inner(path, variant));
  return [...fields, ...listed, ...variants];
}

function isEngine({ oneOf }: Schema): boolean {
  return oneOf?.every(({ properties }) => properties?.provider !== undefined) === true && oneOf.length > 0;
}

function engineTable({ oneOf = [] }: Schema): string {
  const rows = oneOf.flatMap(({ properties = {} }) => {
    const provider = `\`${String(properties.provider?.const)}\``;
    const fields = Object.entries(properties).filter(([name]) => name !== 'provider');
    return fields.map(([name, schema]) => [
      ...[provider, `\`${name}\``, typeOf(schema), defaultOf(schema)],
      schema.description ?? '',
    ]);
  });
  return lines(['provider', 'field', 'type', 'default', 'meaning'], rows);
}

function typeOf(schema: Schema): string {
  const { type, items, oneOf, additionalProperties } = schema;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (isEngine(schema)) return 'an engine, by its `provider`: see below';
  if (oneOf !== undefined) return 'object';
  if (type === 'array') {
    const of = items !== undefined && isEngine(items) ? 'engines' : typeOf(items ?? {});
    return `list of ${of}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`;
  }
  if (type === 'object' && typeof additionalProperties === 'object') return 'object of any names';
  return `${type ?? 'any'}${rangeOf(schema)}`;
}

function rangeOf({ minimum, maximum, minLength = 0, maxLength }: Schema): string {
  const [from, to] = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (from !== undefined || to !== undefined) return `, ${from ?? ''} to ${to ?? ''}`;
  if (maxLength === undefined) return '';
  return `, ${minLength} to ${maxLength} characters`;
}

function defaultOf(schema: Schema): string {
  const value = schema.default;
  if (value === undefined) return '-';
  const isGroup = schema.properties !== undefined || isEngine(schema);
  return isGroup ? 'its own defaults' : `\`${JSON.stringify(value)}\``;
}

function table(rows: readonly (readonly string[])[]): string {
  return lines(['field', 'type', 'default', 'meaning'], rows);
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
