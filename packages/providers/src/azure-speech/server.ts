import type { OpenedCredential } from '@rapida/core';

type Credential = OpenedCredential<'azure-speech'>;

/** Recognition; without a slash at the end. */
export function speechUrlOf({ speechUrl, region }: Credential): string {
  return (speechUrl ?? `https://${region}.stt.speech.${cloudOf(region)}`).replace(/\/+$/, '');
}

/** Voices; without a slash at the end. */
export function voiceUrlOf({ voiceUrl, region }: Credential): string {
  return (voiceUrl ?? `https://${region}.tts.speech.${cloudOf(region)}`).replace(/\/+$/, '');
}

/** Azure in China and for the government of the USA have names of their own ("Speech service in sovereign clouds"). */
function cloudOf(region: string): string {
  if (region.startsWith('china')) return 'azure.cn';
  return region.startsWith('usgov') ? 'azure.us' : 'microsoft.com';
}

/** The head of every request. */
export function azureHeaders({ apiKey }: Credential): Readonly<Record<string, string>> {
  return { 'ocp-apim-subscription-key': apiKey.reveal() };
}
