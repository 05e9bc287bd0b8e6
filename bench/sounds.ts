/** 20 ms of telephone sound as it lies in an AudioSocket payload: 160 samples of 16 bit at 8 kHz, little-endian. */
export const PAYLOAD_BYTES = 320;
export const WIRE_FRAME_BYTES = PAYLOAD_BYTES + 3;

const VOICED_PEAK = 500;
const AMPLITUDE = 6000;
const TONE_HZ = 400;

export const SILENT = new Uint8Array(PAYLOAD_BYTES);
export const VOICED = tone(PAYLOAD_BYTES / 2);
/** The end of a voiced stretch: half a frame, so that a resampler's delay does not carry sound into the next frame. */
export const VOICED_END = tone(PAYLOAD_BYTES / 4);

function tone(samples: number): Uint8Array {
  const payload = Buffer.alloc(PAYLOAD_BYTES);
  for (let i = 0; i < samples; i++) {
    payload.writeInt16LE(Math.round(AMPLITUDE * Math.sin((2 * Math.PI * TONE_HZ * i) / 8000)), i * 2);
  }
  return payload;
}

/** Whether somebody speaks in a payload; it may begin at an odd offset. */
export function isVoiced(payload: Uint8Array): boolean {
  for (let i = 0; i + 1 < payload.length; i += 6) {
    const sample = (((payload[i + 1] ?? 0) << 24) >> 16) | (payload[i] ?? 0);
    if (sample > VOICED_PEAK || sample < -VOICED_PEAK) return true;
  }
  return false;
}
