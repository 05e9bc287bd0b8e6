import { z } from 'zod';
import { type AssistantConfig, assistantConfigSchema } from './assistant-config.js';
import { identifier, languageSchema, sentence } from './words.js';

/**
 * What one call may have otherwise than its assistant: how it speaks, never with whom, with what or to where. The names
 * and places of the fields are those of the configuration.
 */
export const callOverridesSchema = z.strictObject({
  greeting: sentence.optional().describe('Instead of the one of the assistant and of its phone deployment'),
  instructions: z.string().max(20_000).optional(),
  language: languageSchema.optional(),
  variables: z.record(identifier, z.string().max(500)).optional().describe('Before `args` and `metadata`'),
  tts: z
    .strictObject({
      voice: z.string().trim().min(1).max(200).optional(),
      speed: z.number().min(0.5).max(2).optional(),
    })
    .optional(),
  llm: z
    .strictObject({
      model: z.string().trim().min(1).max(200).optional(),
      temperature: z.number().min(0).max(2).optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      callMs: z
        .int()
        .min(5_000)
        .max(24 * 3_600_000)
        .optional(),
    })
    .optional(),
  recording: z
    .strictObject({ enabled: z.literal(false) })
    .optional()
    .describe('A call may be left unrecorded'),
});

export type CallOverrides = z.infer<typeof callOverridesSchema>;

export type OverriddenConfig =
  | { readonly ok: true; readonly config: AssistantConfig }
  /** `path` names a field of the overrides. */
  | { readonly ok: false; readonly path: string; readonly message: string };

/** The configuration with what one call has otherwise, checked as a whole. */
export function applyOverrides(config: AssistantConfig, overrides: CallOverrides): OverriddenConfig {
  if (config.realtime !== undefined && (overrides.tts ?? overrides.llm) !== undefined) {
    const path = overrides.tts === undefined ? 'llm' : 'tts';
    return { ok: false, path, message: 'the assistant speaks through its `realtime` model' };
  }
  const { greeting, instructions, language, variables, tts, llm, limits, recording } = overrides;
  const { data, error } = assistantConfigSchema.safeParse({
    ...config,
    greeting: greeting ?? config.greeting,
    instructions: instructions ?? config.instructions,
    language: language ?? config.language,
    variables: { ...config.variables, ...variables },
    tts: { ...config.tts, ...tts },
    llm: { ...config.llm, ...llm },
    limits: { ...config.limits, ...limits },
    recording: { ...config.recording, ...recording },
  });
  if (data !== undefined) return { ok: true, config: data };
  const [issue] = error.issues;
  return { ok: false, path: issue?.path.join('.') ?? '', message: issue?.message ?? 'is not valid' };
}

/** Paths of the fields that are set, in the order of the schema. */
export function overriddenFields(overrides: CallOverrides): readonly string[] {
  return Object.keys(callOverridesSchema.shape).flatMap((name) => {
    const value = overrides[name as keyof CallOverrides];
    if (value === undefined) return [];
    return typeof value === 'string' ? [name] : Object.keys(value).map((field) => `${name}.${field}`);
  });
}

/** Paths of all that there are. */
export const CALL_OVERRIDE_FIELDS: readonly string[] = Object.entries(callOverridesSchema.shape).flatMap(
  ([name, field]) => {
    const group: unknown = field.unwrap();
    return group instanceof z.ZodObject ? Object.keys(group.shape).map((inner) => `${name}.${inner}`) : [name];
  },
);
