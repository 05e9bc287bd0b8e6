import { alternativeOf, isRecord, type JsonSchema, plainOf } from './json-schema.js';

export interface Problem {
  /** As the server names fields: `dialogue.intents.0.reply`. */
  readonly path: string;
  readonly text: string;
}

/** What of a value is not as its schema says: the same rules as the server's, so that most is said before it is sent. */
export function problemsOf(schema: JsonSchema, value: unknown, path: readonly string[] = []): readonly Problem[] {
  const { schema: plain, nothing } = plainOf(schema);
  if (nothing !== undefined && value === nothing) return [];
  if (plain.oneOf !== undefined) {
    const alternative = alternativeOf(plain.oneOf, value);
    return alternative === undefined ? [] : problemsOf(alternative, value, path);
  }
  if (plain.anyOf !== undefined) {
    const each = plain.anyOf.map((one) => problemsOf(one, value, path));
    return each.some(({ length }) => length === 0) ? [] : (each[0] ?? []);
  }
  const text = ownProblem(plain, value);
  if (text !== undefined) return [{ path: path.join('.'), text }];
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => problemsOf(plain.items ?? {}, item, [...path, String(index)]));
  }
  return isRecord(value) ? fieldProblems(plain, value, path) : [];
}

function fieldProblems(schema: JsonSchema, value: Readonly<Record<string, unknown>>, path: readonly string[]) {
  const { properties = {}, required = [], additionalProperties, propertyNames } = schema;
  const at = (name: string) => [...path, name];
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => ({ path: at(name).join('.'), text: 'is needed' }));
  const wrong = Object.entries(value).flatMap(([name, one]) => {
    const known = properties[name];
    if (known !== undefined) return one === undefined ? [] : problemsOf(known, one, at(name));
    if (additionalProperties === false) return [{ path: at(name).join('.'), text: 'is not known' }];
    const named = propertyNames === undefined ? undefined : ownProblem(propertyNames, name);
    if (named !== undefined) return [{ path: at(name).join('.'), text: `the name ${named}` }];
    return isRecord(additionalProperties) ? problemsOf(additionalProperties as JsonSchema, one, at(name)) : [];
  });
  return [...missing, ...wrong];
}

function ownProblem(schema: JsonSchema, value: unknown): string | undefined {
  const { const: only, enum: choices, type } = schema;
  if (only !== undefined) return value === only ? undefined : `must be ${JSON.stringify(only)}`;
  if (choices !== undefined) return choices.includes(value) ? undefined : `must be one of ${choices.join(', ')}`;
  if (typeof type === 'string' && !isOfType(type, value)) return `must be ${TYPE_WORDS[type] ?? type}`;
  if (typeof value === 'string') return textProblem(schema, value);
  if (typeof value === 'number') return numberProblem(schema, value);
  return Array.isArray(value) ? lengthProblem(schema, value.length) : undefined;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'an object',
};

function isOfType(type: string, value: unknown): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return typeof value === type;
}

function textProblem({ minLength = 0, maxLength, pattern, format }: JsonSchema, value: string): string | undefined {
  if (value.length < minLength) return minLength === 1 ? 'must not be empty' : `needs at least ${minLength} characters`;
  if (maxLength !== undefined && value.length > maxLength) return `may have ${maxLength} characters at most`;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `must look like ${pattern}`;
  return format === 'uri' && !URL.canParse(value) ? 'must be an address, as in https://example.com' : undefined;
}

function numberProblem({ minimum, maximum }: JsonSchema, value: number): string | undefined {
  const tooSmall = minimum !== undefined && value < minimum;
  const tooLarge = maximum !== undefined && value > maximum;
  return tooSmall || tooLarge ? `must be from ${minimum ?? 'any'} to ${maximum ?? 'any'}` : undefined;
}

function lengthProblem({ minItems = 0, maxItems }: JsonSchema, length: number): string | undefined {
  if (length < minItems) return minItems === 1 ? 'needs one at least' : `needs ${minItems} at least`;
  return maxItems !== undefined && length > maxItems ? `may have ${maxItems} at most` : undefined;
}

/** The fields that an error of the server names: `turn.endpointingMs: Too small; name: ...`. */
export function problemsTold(text: string): readonly Problem[] {
  return text.split('; ').flatMap((part) => {
    const [, path, told] = /^([A-Za-z_][\w-]*(?:\.[\w-]+)*): (.+)$/.exec(part) ?? [];
    return path === undefined || told === undefined || path === 'body' ? [] : [{ path, text: told }];
  });
}
