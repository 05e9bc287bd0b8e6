export interface SessionWish {
  readonly model: string;
  /** BCP 47. */
  readonly language: string;
  /** The telephone line has 8 kHz. */
  readonly isNarrow: boolean;
  readonly terms: readonly string[];
}

/** Whisper reads the last 224 tokens of a prompt. */
const PROMPT_CHARACTERS_MAX = 800;
const KEYWORDS_MAX = 100;

/** `session.update` of a transcription session: all fields, so that nothing is left over from an earlier one. */
export function sessionUpdate({ model, language, isNarrow, terms }: SessionWish): object {
  const input = {
    // Linear sound has 24 kHz and no other rate.
    format: isNarrow ? { type: 'audio/pcmu' } : { type: 'audio/pcm', rate: 24_000 },
    // ISO 639-1, as the API wants it.
    transcription: { model, language: language.split('-')[0], ...guidance(model, terms) },
    turn_detection: null,
  };
  return { type: 'session.update', session: { type: 'transcription', audio: { input } } };
}

/** Two generations of models take keywords, the streaming Whisper nothing, all others a prompt. */
function guidance(model: string, terms: readonly string[]): object {
  if (/^gpt-(live-)?transcribe/.test(model)) return { keywords: [...new Set(terms)].slice(0, KEYWORDS_MAX) };
  if (model.startsWith('gpt-realtime-whisper')) return {};
  return { prompt: [...new Set(terms)].join(', ').slice(0, PROMPT_CHARACTERS_MAX) };
}
