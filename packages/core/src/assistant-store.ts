import type { AssistantConfig } from './assistant/index.js';
import type { Page } from './call-record.js';
import type { EntityId } from './ids.js';
import type { PhoneDeployment } from './phone-deployment.js';

export interface AssistantRecord {
  readonly id: EntityId;
  readonly projectId: EntityId;
  /** The one that is live, whose configuration this is; or the one that was asked for. */
  readonly version: number;
  readonly config: AssistantConfig;
  readonly deployment: PhoneDeployment;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A configuration as it was saved: never changed, only forgotten. */
export interface AssistantVersion {
  /** Counts the saves of its assistant, from 1. */
  readonly version: number;
  readonly config: AssistantConfig;
  readonly savedAtMs: number;
}

/** Kept of one assistant. With another save the oldest is forgotten that is not live. */
export const ASSISTANT_VERSIONS_MAX = 1_000;

/** Every configuration that was saved is a version; one of them is live. */
export interface AssistantStore {
  /** Fails with `assistant_name_taken` where the project has one of that name. */
  create(assistant: AssistantRecord): Promise<void>;
  get(projectId: EntityId, id: EntityId): Promise<AssistantRecord | undefined>;
  /** Whose it is, where nobody has said so. */
  projectOf(id: EntityId): Promise<EntityId | undefined>;
  /** With the configuration of that version instead of the live one; undefined where it has no such version. */
  getVersion(projectId: EntityId, id: EntityId, version: number): Promise<AssistantRecord | undefined>;
  /** Newest first; undefined where there is no such assistant. */
  versions(
    projectId: EntityId,
    id: EntityId,
    limit: number,
    cursor: string | null,
  ): Promise<Page<AssistantVersion> | undefined>;
  /** Newest first. */
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantRecord>>;
  /** Saves a configuration as the next version and makes it live; undefined where there is no such assistant. */
  saveConfig(
    projectId: EntityId,
    id: EntityId,
    config: AssistantConfig,
    atMs: number,
  ): Promise<AssistantRecord | undefined>;
  /** The same without making it live. */
  addVersion(
    projectId: EntityId,
    id: EntityId,
    config: AssistantConfig,
    atMs: number,
  ): Promise<AssistantVersion | undefined>;
  /**
   * Makes a version live that was saved before; undefined where there is no such assistant or version. Fails with
   * `assistant_name_taken` where another has its name by now.
   */
  publish(projectId: EntityId, id: EntityId, version: number, atMs: number): Promise<AssistantRecord | undefined>;
  saveDeployment(
    projectId: EntityId,
    id: EntityId,
    deployment: PhoneDeployment,
    atMs: number,
  ): Promise<AssistantRecord | undefined>;
  /** Of all projects: those whose deployment is enabled and names a credential, by ascending id. At most 1000. */
  deployed(): Promise<readonly AssistantRecord[]>;
  /** False where there is no such assistant. Its versions go with it, its calls stay. */
  remove(projectId: EntityId, id: EntityId): Promise<boolean>;
}
