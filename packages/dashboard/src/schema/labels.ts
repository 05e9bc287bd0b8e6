/** A few names that their own words do not explain. */
const LABELS: Readonly<Record<string, string>> = {
  stt: 'Recogniser',
  llm: 'Language model',
  tts: 'Voice',
  mcp: 'MCP servers',
  http: 'HTTP tools',
  url: 'Address',
  baseUrl: 'Base address',
  credentialId: 'Credential',
  phone: 'Caller id',
  app: 'Stasis application',
  ari_url: 'ARI address',
  ari_user: 'ARI user',
  ari_password: 'ARI password',
  apiKey: 'API key',
};

const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Ms$/, ' (ms)'],
  [/Seconds$/, ' (s)'],
];

/** `endpointingMs` as people read it: `Endpointing (ms)`. */
export function labelOf(name: string): string {
  const known = LABELS[name];
  if (known !== undefined) return known;
  const [end, unit] = UNITS.find(([pattern]) => pattern.test(name)) ?? [/$/, ''];
  const words = name
    .replace(end, '')
    .replaceAll('_', ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1) + unit;
}
