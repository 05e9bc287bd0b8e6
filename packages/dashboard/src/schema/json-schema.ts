/** As much of JSON Schema as the server's descriptions use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface Plain {
  /** Without the alternatives that only say "nothing". */
  readonly schema: JsonSchema;
  /** What stands for nothing in this place; undefined: leave the field out. */
  readonly nothing: null | '' | undefined;
}

/** A schema beside which null or the empty text is accepted, told apart from that. */
export function plainOf(schema: JsonSchema): Plain {
  if (Array.isArray(schema.type)) {
    const types = (schema.type as readonly string[]).filter((type) => type !== 'null');
    return {
      schema: { ...schema, type: types[0] ?? 'string' },
      nothing: types.length < schema.type.length ? null : undefined,
    };
  }
  const { anyOf, ...rest } = schema;
  if (anyOf === undefined) return { schema, nothing: undefined };
  const something = anyOf.filter(({ type, const: only }) => type !== 'null' && only !== '');
  const nothing = anyOf.some(({ type }) => type === 'null') ? null : something.length < anyOf.length ? '' : undefined;
  const [first] = something;
  if (something.length !== 1 || first === undefined) return { schema, nothing };
  return { schema: { ...first, ...rest }, nothing };
}

/** The field whose one value each of the alternatives has: what a choice between them is made by. */
export function discriminatorOf(alternatives: readonly JsonSchema[]): string | undefined {
  const names = Object.keys(alternatives[0]?.properties ?? {});
  return names.find((name) => alternatives.every(({ properties }) => properties?.[name]?.const !== undefined));
}

/** The alternative that a value is of; the first where it does not say. */
export function alternativeOf(alternatives: readonly JsonSchema[], value: unknown): JsonSchema | undefined {
  const name = discriminatorOf(alternatives);
  if (name === undefined) return alternatives[0];
  const given = isRecord(value) ? value[name] : undefined;
  return alternatives.find(({ properties }) => properties?.[name]?.const === given) ?? alternatives[0];
}

/** What a new value begins as: the defaults, and for what is required something empty of its kind. */
export function freshValue(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  const { default: given } = schema;
  if (given !== undefined && !(isRecord(given) && Object.keys(given).length === 0)) return given;
  const [alternative] = schema.oneOf ?? [];
  if (alternative !== undefined) return freshValue(alternative);
  if (schema.properties !== undefined) {
    const wanted = Object.entries(schema.properties).filter(
      ([name, { default: one, const: only }]) =>
        one !== undefined || only !== undefined || schema.required?.includes(name),
    );
    return Object.fromEntries(wanted.map(([name, one]) => [name, freshValue(one)]));
  }
  if (schema.enum !== undefined) return schema.enum[0];
  return (
    { array: [], object: {}, boolean: false, integer: schema.minimum ?? 0, number: schema.minimum ?? 0 }[
      schema.type as string
    ] ?? ''
  );
}

/** A copy with another value in one place; undefined takes the place away. */
export function withValue(whole: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((item, index) => (String(index) === name ? withValue(item, rest, value) : item));
  const fields = isRecord(whole) ? whole : {};
  const { [name]: old, ...others } = fields;
  const next = withValue(old, rest, value);
  if (next === undefined) return others;
  // In its old place, so that what is compared stays in order.
  return name in fields ? { ...fields, [name]: next } : { ...others, [name]: next };
}
