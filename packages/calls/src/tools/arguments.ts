import { type JsonObject, RapidaError } from '@rapida/core';
import { Ajv, type ValidateFunction } from 'ajv';

/** Whether a model's arguments are what the tool says it takes. */
export type ArgumentCheck = (args: JsonObject) => void;

const PROBLEMS_NAMED_MAX = 3;

/**
 * For a JSON Schema of an assistant. Fails with `assistant_invalid` where it is none; the check fails with `tool_refused`, and says what a model
 * can mend.
 */
export function argumentCheck(schema: JsonObject): ArgumentCheck {
  const validate = compiled(schema);
  return (args) => {
    if (validate(args)) return;
    const problems = (validate.errors ?? []).slice(0, PROBLEMS_NAMED_MAX);
    const told = problems.map(({ instancePath, message }) => `${instancePath.slice(1) || 'arguments'} ${message}`);
    throw new RapidaError('tool_refused', told.join('; '));
  };
}

function compiled(schema: JsonObject): ValidateFunction {
  try {
    return new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    throw new RapidaError('assistant_invalid', `the JSON Schema cannot be read: ${why.slice(0, 200)}`);
  }
}
