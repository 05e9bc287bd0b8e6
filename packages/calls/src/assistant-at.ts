import { type AssistantRecord, type AssistantStore, type CallRecord, RapidaError } from '@rapida/core';

type Begun = Pick<CallRecord, 'projectId' | 'assistantId' | 'assistantVersion'>;

/**
 * The assistant as it was when the call began: what is published meanwhile is for the calls after it. Its phone deployment
 * has no versions and is the present one. Fails with `assistant_not_found` or `assistant_version_not_found`.
 */
export async function assistantAt(
  assistants: Pick<AssistantStore, 'get' | 'getVersion'>,
  { projectId, assistantId, assistantVersion }: Begun,
): Promise<AssistantRecord> {
  const live = await assistants.get(projectId, assistantId);
  if (live === undefined) throw new RapidaError('assistant_not_found');
  if (assistantVersion === null || assistantVersion === live.version) return live;
  const begun = await assistants.getVersion(projectId, assistantId, assistantVersion);
  if (begun === undefined) throw new RapidaError('assistant_version_not_found');
  return begun;
}
