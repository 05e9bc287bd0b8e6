import type { AssistantConfig, AssistantRecord, AssistantVersion, EntityId, Page, PhoneDeployment } from '@rapida/core';

export interface AssistantUseCases {
  list(projectId: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantRecord>>;
  get(projectId: EntityId, id: EntityId): Promise<AssistantRecord>;
  /** `config` was parsed by the schema; what only the engines know is checked here: assistant_invalid names the field. */
  create(projectId: EntityId, config: AssistantConfig): Promise<AssistantRecord>;
  /** As the next version, which is live at once. */
  saveConfig(projectId: EntityId, id: EntityId, config: AssistantConfig): Promise<AssistantRecord>;
  /** What was saved, newest first. */
  versions(projectId: EntityId, id: EntityId, limit: number, cursor: string | null): Promise<Page<AssistantVersion>>;
  /** The assistant as it is with that version. Fails with assistant_version_not_found, as `publish` does. */
  version(projectId: EntityId, id: EntityId, version: number): Promise<AssistantRecord>;
  /** As the next version; the one that is live stays so. */
  addVersion(projectId: EntityId, id: EntityId, config: AssistantConfig): Promise<AssistantVersion>;
  /** Makes a version live. It is checked again: what is not live keeps no credential from being removed. */
  publish(projectId: EntityId, id: EntityId, version: number): Promise<AssistantRecord>;
  saveDeployment(projectId: EntityId, id: EntityId, deployment: PhoneDeployment): Promise<AssistantRecord>;
  remove(projectId: EntityId, id: EntityId): Promise<void>;
}
