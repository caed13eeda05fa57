/** The indices of all samples, in order. */
export const everyIndex = (size: number): Uint32Array =>
  Uint32Array.from({ length: size }, (_, i) => i)
