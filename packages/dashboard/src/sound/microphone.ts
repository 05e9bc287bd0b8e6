import { serverAddress } from '../base.js';

export interface Microphone {
  /** Calling it twice is safe. */
  close(): void;
}

/** What a browser says where there is no microphone for this page. */
export type MicrophoneProblem = 'insecure' | 'refused' | 'missing';

/** Browsers give a microphone to pages of https and of this host only. */
export function microphoneMissing(): boolean {
  return navigator.mediaDevices?.getUserMedia === undefined;
}

/** Gives frames of 20 ms at the rate of the context. Rejects with what the browser says; {@link problemOf} reads it. */
export async function openMicrophone(
  context: AudioContext,
  onFrame: (samples: Int16Array<ArrayBuffer>) => void,
): Promise<Microphone> {
  const stream = await navigator.mediaDevices.getUserMedia({
    // The assistant's own voice comes out of the loudspeaker: without this it would interrupt itself.
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  });
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
  };
  try {
    await context.audioWorklet.addModule(serverAddress('/sound/microphone.js', document));
  } catch (error) {
    stop();
    throw error;
  }
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, 'rapida-microphone', { numberOfInputs: 1, numberOfOutputs: 0 });
  node.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) => onFrame(data);
  source.connect(node);
  return {
    close() {
      source.disconnect();
      node.port.onmessage = null;
      stop();
    },
  };
}

export function problemOf(error: unknown): MicrophoneProblem {
  if (microphoneMissing()) return 'insecure';
  const name = error instanceof DOMException ? error.name : '';
  return name === 'NotAllowedError' || name === 'SecurityError' ? 'refused' : 'missing';
}
