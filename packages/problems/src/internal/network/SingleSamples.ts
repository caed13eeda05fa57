import type { PerSample } from "./Stage.ts"

/** Gradients of single samples of a stage with `count` parameters, each added by `add` to an array of zeros. */
export const singleSamples = (
  begin: number,
  count: number,
  samples: number,
  add: (sample: number, out: Float64Array) => void,
): PerSample => ({
  begin,
  squaredNorms: () => {
    const own = new Float64Array(count)
    let squares = 0
    for (let i = 0; i < samples; i++) {
      own.fill(0)
      add(i, own)
      for (const value of own) squares += value * value
    }
    return squares
  },
  gradients: (out, stride) => {
    for (let i = 0; i < samples; i++) {
      const from = i * stride + begin
      add(i, out.subarray(from, from + count).fill(0))
    }
  },
})
