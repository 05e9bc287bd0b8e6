/** Frames (20 ms) looked at for the start, how many of them must be voiced, and how many unvoiced in a row are an end. */
export const START_WINDOW_FRAMES = 5;
export const START_VOICED_FRAMES = 3;
export const END_UNVOICED_FRAMES = 10;

/** Makes starts and ends of speech out of voiced and unvoiced frames. */
export class VoicedWindow {
  #recent = 0;
  #speaking = false;
  #unvoicedInRow = 0;

  push(voiced: boolean): 'start' | 'end' | undefined {
    this.#recent = ((this.#recent << 1) | Number(voiced)) & ((1 << START_WINDOW_FRAMES) - 1);
    this.#unvoicedInRow = voiced ? 0 : this.#unvoicedInRow + 1;
    if (!this.#speaking && countBits(this.#recent) >= START_VOICED_FRAMES) {
      this.#speaking = true;
      return 'start';
    }
    if (this.#speaking && this.#unvoicedInRow >= END_UNVOICED_FRAMES) {
      this.#speaking = false;
      this.#recent = 0;
      return 'end';
    }
    return undefined;
  }
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest >>= 1) count += rest & 1;
  return count;
}
