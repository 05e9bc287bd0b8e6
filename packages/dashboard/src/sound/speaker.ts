import { serverAddress } from '../base.js';

/** Plays samples of 16 bit as they arrive. */
export interface Speaker {
  /** Interleaved, of as many channels as it was opened with. */
  play(samples: Int16Array): void;
  /** What is played, for whoever measures it. */
  readonly output: AudioNode;
  /** Calling it twice is safe. */
  close(): void;
}

interface SpeakerOptions {
  readonly context: AudioContext;
  readonly channels: 1 | 2;
}

/** Rejects where the browser has no sound. */
export async function openSpeaker({ context, channels }: SpeakerOptions): Promise<Speaker> {
  await context.audioWorklet.addModule(serverAddress('/sound/player.js', document));
  const node = new AudioWorkletNode(context, 'rapida-player', {
    ...{ numberOfInputs: 0, numberOfOutputs: 1, outputChannelCount: [channels] },
    processorOptions: { channels },
  });
  node.connect(context.destination);
  return {
    output: node,
    play: (samples) => node.port.postMessage(samples, [samples.buffer as ArrayBuffer]),
    close: () => node.disconnect(),
  };
}
