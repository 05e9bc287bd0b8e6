export { DTMF_DIGITS, DtmfDetector, dtmfFrequencies } from './dtmf.js';
export { fadeOut } from './fade.js';
export { Framer } from './framer.js';
export { ALAW_SILENCE, decodeAlaw, decodeUlaw, encodeAlaw, encodeUlaw, ULAW_SILENCE } from './g711.js';
export { dbfs, FULL_SCALE, peak, rms, snrDb } from './level.js';
export { bytesToPcm16, pcm16ToBytes, silence } from './pcm.js';
export { RESAMPLER_RATES_HZ, Resampler } from './resample.js';
export { peakHz, SPECTRUM_SAMPLES_MAX, type Spectrum, spectrum } from './spectrum.js';
export { type DtmfToneOptions, dtmfTone, mix, type NoiseOptions, noise, type ToneOptions, tone } from './tone.js';
export {
  encodeWav,
  repairWavHeader,
  WAV_CHANNELS_MAX,
  WAV_HEADER_BYTES,
  type WavAudio,
  WavError,
  type WavErrorCode,
  wavHeader,
} from './wav.js';
export { decodeWav, WAV_BYTES_MAX } from './wav-decode.js';
