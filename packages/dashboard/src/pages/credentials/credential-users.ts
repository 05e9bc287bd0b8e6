import type { Assistant } from '@rapida/client';

export interface CredentialUser {
  readonly id: string;
  readonly name: string;
  /** Where in the assistant it is named: `llm.credentialId`. */
  readonly places: readonly string[];
}

/** The assistants that name a credential, in their engines, tools or phone deployment. */
export function usersOf(credentialId: string, assistants: readonly Assistant[]): readonly CredentialUser[] {
  return assistants.flatMap(({ id, name, ...rest }) => {
    const places = placesOf(credentialId, rest, []);
    return places.length === 0 ? [] : [{ id, name, places }];
  });
}

function placesOf(credentialId: string, value: unknown, path: readonly string[]): readonly string[] {
  if (typeof value !== 'object' || value === null) {
    return path.at(-1) === 'credentialId' && value === credentialId ? [path.join('.')] : [];
  }
  return Object.entries(value).flatMap(([name, one]) => placesOf(credentialId, one, [...path, name]));
}
