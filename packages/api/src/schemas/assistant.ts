import {
  type AssistantConfig,
  type AssistantRecord,
  type AssistantVersion,
  assistantConfigSchema,
  phoneDeploymentSchema,
} from '@rapida/core';
import { z } from 'zod';
import { idParams, timeSchema, toTime } from './fields.js';

/** What the server adds when an assistant is read: taken back and ignored, so that what was read can be changed and saved. */
const ADDED = ['id', 'version', 'createdAt', 'updatedAt', 'phoneDeployment'] as const;
const added = z.unknown().optional().describe('Ignored: what was read may be put back as it is');

/**
 * A configuration as it is saved. Unknown fields are refused by name: a typo must not look like a setting.
 * Its id must not be another one's with `Input` behind it: that is how the description names what is received.
 */
export const configBodySchema = assistantConfigSchema
  .extend({ id: added, version: added, createdAt: added, updatedAt: added, phoneDeployment: added })
  .meta({ id: 'AssistantConfig' });

export function toConfig(body: z.output<typeof configBodySchema>): AssistantConfig {
  const own = Object.entries(body).filter(([name]) => !(ADDED as readonly string[]).includes(name));
  return assistantConfigSchema.parse(Object.fromEntries(own));
}

export const deploymentSchema = phoneDeploymentSchema.meta({ id: 'PhoneDeployment' });

/** The configuration with what the server knows about it: what was read can be changed and put back as it is. */
export const assistantSchema = assistantConfigSchema
  .extend({
    id: z.string(),
    version: z.int().describe('The one that is live, or that was asked for; they count saves, from 1'),
    createdAt: timeSchema,
    updatedAt: timeSchema,
    phoneDeployment: deploymentSchema,
  })
  .meta({ id: 'Assistant' });

export function toAssistant(assistant: AssistantRecord): z.output<typeof assistantSchema> {
  const { id, version, config, deployment, createdAtMs, updatedAtMs } = assistant;
  return {
    ...config,
    id,
    version,
    createdAt: toTime(createdAtMs),
    updatedAt: toTime(updatedAtMs),
    phoneDeployment: deployment,
  };
}

/** A version whose configuration is asked for by its number. */
export const versionSchema = z
  .object({
    version: z.int(),
    name: z.string(),
    savedAt: timeSchema,
    live: z.boolean().describe('Calls from now on are held with it'),
  })
  .meta({ id: 'AssistantVersion' });

export const versionParams = idParams.extend({ version: z.coerce.number().int().min(1).max(9_999_999_999) });

export function toVersion(
  { version, config, savedAtMs }: AssistantVersion,
  live: number,
): z.output<typeof versionSchema> {
  return { version, name: config.name, savedAt: toTime(savedAtMs), live: version === live };
}
