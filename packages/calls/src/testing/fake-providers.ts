import type {
  AssistantConfig,
  ConfigProblem,
  LanguageModel,
  ProviderSet,
  ProviderSource,
  SpeechEvent,
  SpeechToText,
  TextToSpeech,
} from '@rapida/core';

/** A voice that gives 20 ms of sound per letter, after `gate` where the test holds it. */
export class FakeVoice implements TextToSpeech {
  readonly provider = 'fake';
  readonly spoken: string[] = [];
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  async *speak(pieces: AsyncIterable<string>): AsyncGenerator<SpeechEvent> {
    for await (const text of pieces) {
      this.spoken.push(text);
      await this.gate;
      if (this.failure !== undefined) throw this.failure;
      yield { type: 'audio', piece: 0, samples: new Int16Array(text.length * 320).fill(text.length) };
      yield { type: 'piece-end', piece: 0 };
    }
  }
}

/** Hears nothing. */
const deafRecogniser: SpeechToText = {
  provider: 'fake',
  open() {
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const nothing = (): AsyncIterator<never> => ({
      next: () => closed.then(() => ({ done: true, value: undefined })),
    });
    return { write() {}, endSegment() {}, dropSegment() {}, expect() {}, close, [Symbol.asyncIterator]: nothing };
  },
};

const unusedModel: LanguageModel = {
  provider: 'fake',
  generate: () => {
    throw new Error('no test thinks');
  },
};

/** Engines that open when and as the test says. */
export class FakeProviders implements ProviderSource {
  readonly voice = new FakeVoice();
  readonly problems: ConfigProblem[] = [];
  /** Engines in the place of those that do nothing. */
  others: Partial<ProviderSet> = {};
  /** With what they were opened last. */
  config: AssistantConfig | undefined;
  opened = 0;
  warmed = 0;
  gate: Promise<void> = Promise.resolve();
  failure: Error | undefined;

  async forAssistant(config: AssistantConfig): Promise<ProviderSet> {
    this.opened++;
    this.config = config;
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    const vad = () => ({ push: () => undefined, voiced: false, close() {} });
    const warm = () => void this.warmed++;
    return { stt: deafRecogniser, llm: unusedModel, tts: this.voice, vad, warm, ...this.others };
  }

  async validate(): Promise<readonly ConfigProblem[]> {
    return this.problems;
  }

  async close(): Promise<void> {}
}
