/** The form in which phrases and transcripts are compared: lower case, words of letters, figures and apostrophes. */
export function normaliseWords(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019]/g, "'")
    .toLowerCase()
    .replace(/[^a-z0-9']+/g, ' ')
    .replace(/(?<![a-z0-9])'+|'+(?![a-z0-9])/g, '')
    .trim();
}

export function wordsOf(text: string): string[] {
  const normalised = normaliseWords(text);
  return normalised === '' ? [] : normalised.split(/\s+/);
}
