import type { Json, JsonObject } from '@rapida/core';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** Of a schema, as JSON. It goes to the model with every analysis. */
export const EXTRACTION_CHARS_MAX = 20_000;

/** Regular expressions run in this process and may take for ever; what they would check, a description says to the model. */
const REFUSED = ['pattern', 'patternProperties', 'format'] as const;

/** What is wrong with the schema of an extraction, or undefined where it can be used. */
export function extractionProblem(schema: JsonObject): string | undefined {
  if (!fits(schema)) return `is longer than ${EXTRACTION_CHARS_MAX} characters as JSON, or nested too deeply`;
  if (schema.type !== 'object') return 'its `type` must be object';
  const refused = REFUSED.find((keyword) => usesKeyword(schema, keyword));
  if (refused !== undefined) return `\`${refused}\` is not taken; say it in a \`description\``;
  try {
    compile(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'is no JSON Schema';
  }
}

function fits(schema: JsonObject): boolean {
  try {
    return JSON.stringify(schema).length <= EXTRACTION_CHARS_MAX;
  } catch {
    // Nested beyond what fits the stack.
    return false;
  }
}

/** Checks values by the schema: undefined where one is right, else what is wrong with it. Throws where the schema is none. */
export function extractionCheck(schema: JsonObject): (value: unknown) => string | undefined {
  const validate = compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const [error] = validate.errors ?? [];
    return `${error?.instancePath.slice(1).replaceAll('/', '.') || 'it'} ${error?.message ?? 'is not valid'}`;
  };
}

/** Schemas say which draft they mean; what they use is the same in all of them. */
function compile({ $schema: _, $id: __, ...schema }: JsonObject): ValidateFunction {
  return new Ajv2020({ strictSchema: true, allowUnionTypes: true, logger: false }).compile(schema);
}

/** A property that is called like a keyword has a schema behind its name, the keyword itself a text. */
function usesKeyword(value: Json | undefined, keyword: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, inner]) =>
      (name === keyword && (typeof inner === 'string' || name === 'patternProperties')) || usesKeyword(inner, keyword),
  );
}
