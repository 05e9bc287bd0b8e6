import type { AssistantConfig } from './assistant/index.js';
import type { Page } from './call-record.js';
import type { EntityId } from './ids.js';
import type { PhoneDeployment } from './phone-deployment.js';

export interface AssistantRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  /** Counts saves, from 1. */
  readonly version: number;
  readonly config: AssistantConfig;
  readonly deployment: PhoneDeployment;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface AssistantStore {
  /** Fails with `assistant_name_taken` where the project has one of that name. */
  create(assistant: AssistantRecord): Promise<void>;
  get(projectId: EntityId, id: EntityId): Promise<AssistantRecord | undefined>;
  /** Newest first. */
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantRecord>>;
  /** Saves a new configuration, adds one to the version; undefined where there is no such assistant. */
  saveConfig(
    projectId: EntityId,
    id: EntityId,
    config: AssistantConfig,
    atMs: number,
  ): Promise<AssistantRecord | undefined>;
  saveDeployment(
    projectId: EntityId,
    id: EntityId,
    deployment: PhoneDeployment,
    atMs: number,
  ): Promise<AssistantRecord | undefined>;
  /** Of all projects: those whose deployment is enabled and names a credential, by ascending id. At most 1000. */
  deployed(): Promise<readonly AssistantRecord[]>;
  /** False where there is no such assistant. Its calls stay. */
  remove(projectId: EntityId, id: EntityId): Promise<boolean>;
}
