import { readFile } from 'node:fs/promises';
import type { Assistant, AssistantInput } from '@rapida/client';
import { type AssistantConfig, assistantConfigSchema } from '@rapida/core';
import { parse, stringify } from 'yaml';

export interface AssistantFile {
  readonly path: string;
  readonly name: string;
  /** As it is written: the server says what is wrong with it. */
  readonly config: AssistantInput;
}

export async function readAssistantFile(path: string): Promise<AssistantFile> {
  const config = parse(await readFile(path, 'utf8')) as Partial<AssistantInput> | null;
  if (typeof config?.name !== 'string') throw new Error(`${path}: an assistant needs a name`);
  const { name } = config;
  return { path, name: name.trim(), config: { ...config, name } };
}

/** With the defaults of what is not in the file; undefined where it is not valid, or for a newer server. */
export function completed({ config }: AssistantFile): AssistantConfig | undefined {
  return assistantConfigSchema.safeParse(config).data;
}

/** The same, failing with the name of the field. */
export function completedOrFail(file: AssistantFile): AssistantConfig {
  const { data, error } = assistantConfigSchema.safeParse(file.config);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new Error(`${file.path}: ${[issue?.path.join('.'), issue?.message].filter(Boolean).join(': ')}`);
}

/** Without what the server adds: that is not for a file under version control. */
export function configurationOf(assistant: Assistant): Readonly<Record<string, unknown>> {
  const added = ['id', 'version', 'createdAt', 'updatedAt', 'phoneDeployment'];
  return Object.fromEntries(Object.entries(assistant).filter(([name]) => !added.includes(name)));
}

/** As YAML that editors complete by the schema of this server. */
export function toYaml(config: object, serverUrl: string): string {
  return `# yaml-language-server: $schema=${serverUrl}/v1/assistants/schema.json\n${stringify(config).trimEnd()}`;
}
