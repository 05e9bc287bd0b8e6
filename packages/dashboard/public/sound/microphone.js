/** Gives what the microphone hears as 16 bit samples, in frames of 20 ms. Runs in the audio thread of the browser. */

const FRAME_SECONDS = 0.02;

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frameSamples = Math.round(sampleRate * FRAME_SECONDS);
    this.frame = new Int16Array(this.frameSamples);
    this.filled = 0;
  }

  process([input]) {
    const samples = input[0];
    if (samples === undefined) return true;
    for (const sample of samples) {
      this.frame[this.filled++] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
      if (this.filled < this.frame.length) continue;
      // What is handed over has no length any more.
      this.port.postMessage(this.frame, [this.frame.buffer]);
      this.frame = new Int16Array(this.frameSamples);
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('rapida-microphone', Microphone);
