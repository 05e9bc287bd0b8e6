/**
 * Plays what arrives from the server: samples go in as they come, and out at the pace of the sound card. Runs in the audio
 * thread of the browser, which loads it as a file of its own.
 */

/** Held back before anything sounds, and again after the line ran dry: what a network shakes. */
const CUSHION_SECONDS = 0.08;
/** More than this is late: the oldest is left out, so that one hears what is, not what was. */
const WAITING_SECONDS_MAX = 1;

class Player extends AudioWorkletProcessor {
  constructor({ processorOptions: { channels } }) {
    super();
    this.channels = channels;
    this.waiting = [];
    this.waitingFrames = 0;
    this.offset = 0;
    this.isPlaying = false;
    this.port.onmessage = ({ data }) => this.take(data);
  }

  take(samples) {
    this.waiting.push(samples);
    this.waitingFrames += samples.length / this.channels;
    while (this.waitingFrames > sampleRate * WAITING_SECONDS_MAX) this.dropOldest();
    if (this.waitingFrames >= sampleRate * CUSHION_SECONDS) this.isPlaying = true;
  }

  dropOldest() {
    const oldest = this.waiting.shift();
    this.waitingFrames -= oldest.length / this.channels - this.offset;
    this.offset = 0;
  }

  process(_inputs, [output]) {
    const frames = output[0].length;
    for (let frame = 0; frame < frames; frame++) {
      if (!this.isPlaying || this.waiting.length === 0) {
        this.isPlaying = false;
        return true;
      }
      const samples = this.waiting[0];
      for (let channel = 0; channel < output.length; channel++) {
        const from = Math.min(channel, this.channels - 1);
        output[channel][frame] = samples[this.offset * this.channels + from] / 32_768;
      }
      this.offset++;
      this.waitingFrames--;
      if (this.offset * this.channels >= samples.length) {
        this.waiting.shift();
        this.offset = 0;
      }
    }
    return true;
  }
}

registerProcessor('rapida-player', Player);
