/** What XML 1.0 has no place for, lone surrogates among it. */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as text, whatever is in it: nothing that a model or a caller says becomes a tag, or leaves an attribute. */
export function escapeXml(text: string): string {
  return text.replaceAll(NO_CHARACTER, ' ').replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

export interface Spoken {
  readonly text: string;
  readonly voice: string;
  readonly language: string;
  /** A multiple of the voice's own. */
  readonly speed: number;
}

/** One sentence for the Speech service ("Speech Synthesis Markup Language (SSML) document structure and events"). */
export function ssmlOf({ text, voice, language, speed }: Spoken): string {
  const said = escapeXml(text);
  const paced = speed === 1 ? said : `<prosody rate="${speed}">${said}</prosody>`;
  const head = `version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${escapeXml(language)}"`;
  return `<speak ${head}><voice name="${escapeXml(voice)}">${paced}</voice></speak>`;
}
