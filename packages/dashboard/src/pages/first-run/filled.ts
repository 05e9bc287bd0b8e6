/** A sentence with the assistant's own variables in it; the rest is left out, as it is in a call. */
export function filled(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{\s*([a-z][a-z0-9_]*)\s*\}\}/g, (_, name: string) => variables[name] ?? '');
}
