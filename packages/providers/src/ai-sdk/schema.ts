import type { Json, JsonObject } from '@rapida/core';

/**
 * The JSON Schemas of tools as vendors take them. They are hints for the model: what it then calls with is checked
 * against the tool's own schema by whoever runs the tool.
 */

/** The schema of an object that says so, with its properties, and without choices at its top: OpenAI and Anthropic refuse others. */
export function objectSchema(parameters: JsonObject): JsonObject {
  const { anyOf: _anyOf, oneOf: _oneOf, allOf: _allOf, ...rest } = parameters;
  return { ...rest, type: 'object', properties: isObject(rest.properties) ? rest.properties : {} };
}

/** Only what Amazon's Nova takes at the top: "type", "properties" and "required". */
export function bareSchema(parameters: JsonObject): JsonObject {
  const { type, properties, required } = objectSchema(parameters);
  return { ...(required !== undefined && { required }), type: type ?? 'object', properties: properties ?? {} };
}

/** Keywords under which there are schemas, by how they lie there. */
const NAMED = ['properties', '$defs', 'definitions'];

/** Formats that Gemini knows, by type. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['enum', 'date-time'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

/**
 * The subset of OpenAPI that Gemini takes: no unknown `format`, `enum` of texts only, no `oneOf` and `allOf`, lists that say of
 * what, `required` only of what there is, no schema without a type.
 */
export function openApiSchema(parameters: JsonObject): JsonObject {
  return geminiObject(objectSchema(parameters));
}

function geminiObject(schema: JsonObject): JsonObject {
  const { format, enum: values, oneOf, allOf, items, required, ...rest } = merged(schema);
  const type = typeOf(rest, values, oneOf);
  const named = Object.entries(rest).map(([key, value]): [string, Json] => [
    key,
    NAMED.includes(key) && isObject(value) ? eachOf(value) : key === 'anyOf' ? listOf(value) : value,
  ]);
  const properties = isObject(rest.properties) ? rest.properties : {};
  const wanted = Array.isArray(required)
    ? required.filter((name) => typeof name === 'string' && name in properties)
    : [];
  return {
    ...Object.fromEntries(named),
    ...(type !== undefined && { type }),
    ...(typeof format === 'string' && FORMATS[String(type)]?.includes(format) && { format }),
    ...choices(values, rest.description),
    ...(oneOf !== undefined && rest.anyOf === undefined && { anyOf: listOf(oneOf) }),
    ...(type === 'array' && { items: isObject(items) ? geminiObject(items) : { type: 'string' } }),
    ...(wanted.length > 0 && { required: wanted }),
  };
}

function typeOf(schema: JsonObject, values: Json | undefined, oneOf: Json | undefined): Json | undefined {
  if (schema.type !== undefined || schema.$ref !== undefined || schema.anyOf !== undefined || oneOf !== undefined) {
    return schema.type;
  }
  if (Array.isArray(values)) return typeof values[0] === 'number' ? 'number' : 'string';
  return isObject(schema.properties) ? 'object' : 'string';
}

/** Numbers to choose from become a sentence. */
function choices(values: Json | undefined, description: Json | undefined): JsonObject {
  if (!Array.isArray(values)) return {};
  if (values.every((value) => typeof value === 'string')) return { enum: values };
  const sentence = `One of: ${values.map(String).join(', ')}.`;
  return { description: typeof description === 'string' ? `${description} ${sentence}` : sentence };
}

/** What all of `allOf` ask for, in one schema. */
function merged(schema: JsonObject): JsonObject {
  if (!Array.isArray(schema.allOf)) return schema;
  const { allOf, ...own } = schema;
  const all = [own, ...allOf.filter(isObject).map(merged)];
  const properties = Object.assign({}, ...all.map((one) => one.properties));
  const required = all.flatMap((one) => (Array.isArray(one.required) ? one.required : []));
  return { ...Object.assign({}, ...all), properties, required };
}

function eachOf(schemas: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      isObject(schema) ? geminiObject(schema) : { type: 'string' },
    ]),
  );
}

function listOf(schemas: Json): Json {
  return Array.isArray(schemas) ? schemas.filter(isObject).map(geminiObject) : schemas;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
