/**
 * A copy whose last `ms` sink to zero along a half cosine, so that speech cut in the middle ends without a click. The
 * last sample is 0. All of it fades when it is shorter than `ms`.
 */
export function fadeOut(samples: Int16Array, { rateHz, ms }: { rateHz: number; ms: number }): Int16Array {
  const faded = samples.slice();
  const count = Math.min(faded.length, Math.round((ms * rateHz) / 1000));
  const start = faded.length - count;
  for (let i = 0; i < count; i++) {
    const gain = 0.5 + 0.5 * Math.cos((Math.PI * (i + 1)) / count);
    faded[start + i] = Math.round((faded[start + i] as number) * gain);
  }
  return faded;
}
