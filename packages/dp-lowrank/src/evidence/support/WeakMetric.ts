import { Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { streamOf } from "./Structures.ts"
import { distances, gappedAtLevel, spreadAtLevel } from "./Trials.ts"

export const levels = (level = Draw.oneOf(0, 10, 100, 1000, 10_000)) =>
  Draw.record({ level, seed: Draw.seed() })

type Level = Draw.Drawn<ReturnType<typeof levels>>

export interface Excess {
  readonly power: 1 | 2
  readonly limit: number
  /** True if sigma_k is 12 sqrt d above sigma_{k+1}; without it the spectrum is L + [0, 4 sqrt d]. */
  readonly isGapped?: true
}

/** |M-hat_k - M|_F against |M_k - M|_F over kdT or its root, at d = 20, k = 3; the mean of 10 draws. */
export const weakMetricMargin = (
  { level, seed }: Level,
  { kernels }: Given,
  { isGapped, limit, power }: Excess,
): Margin.Comparison => {
  const [d, k] = [20, 3]
  const stream = streamOf(seed, "noise")
  const spectrum = isGapped === true ? gappedAtLevel(level, d, k) : spreadAtLevel(level, d)
  const { best, draw } = distances({ spectrum, rank: k, stream, kernels })
  let excess = 0
  for (let trial = 0; trial < 10; trial++)
    excess += (Elementary.pow(draw(), power) - Elementary.pow(best, power)) / 10
  return Margin.atMost(excess / Elementary.pow(k * d, power / 2), limit)
}
