import { Draw, type Given } from "@nonconvex/evidence"
import { streamOf } from "./Structures.ts"
import { squaredErrors } from "./Trials.ts"

/** `gap` is in units of sqrt(T d). */
export const errors = Draw.record({
  dimension: Draw.integer(16, 24),
  rank: Draw.oneOf<number>(1, 2, 3),
  gap: Draw.linear(8, 5),
  ratio: Draw.oneOf<number>(1, 2),
  seed: Draw.seed(),
})

export type Errors = Draw.Drawn<typeof errors>

/** Root mean square errors over `trials` draws at T = 1, of M-hat_k, Y and the real mechanism. */
export const measured = (
  { dimension: d, gap: factor, rank, ratio, seed }: Errors,
  { kernels }: Given,
  trials: number,
) => {
  const gap = factor * Math.sqrt(d)
  const spectrum = Float64Array.from({ length: d }, (_, i) =>
    i < rank ? ratio * gap : (ratio - 1) * gap,
  )
  const draw = squaredErrors({ spectrum, rank, stream: streamOf(seed, "noise"), kernels }, 2)
  let [complex, real, plain] = [0, 0, 0]
  for (let k = 0; k < trials; k++) {
    const squares = draw()
    real += squares.real / trials
    complex += squares.complex / trials
    plain += squares.plain / trials
  }
  return { spectrum, complex: Math.sqrt(complex), real: Math.sqrt(real), plain: Math.sqrt(plain) }
}
