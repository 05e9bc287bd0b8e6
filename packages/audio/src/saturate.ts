/** The nearest 16-bit sample: rounds, and clips where wrapping would turn a loud peak into a click. NaN gives 0. */
export function saturate(value: number): number {
  if (value >= 32767) return 32767;
  if (value <= -32768) return -32768;
  return Math.round(value) || 0;
}
