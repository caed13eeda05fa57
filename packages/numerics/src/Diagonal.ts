/** Diagonals of operators that are known only by their products. */
import { invalid } from "./InvalidInput.ts"
import type { Operator } from "./Operator.ts"
import * as Probes from "./internal/Probes.ts"
import * as Require from "./Require.ts"
import type { Seed } from "./Seed.ts"
import * as Vector from "./Vector.ts"

/** A diagonal with an error bar for each entry. */
interface DiagonalEstimate {
  readonly estimate: Float64Array
  /** One standard deviation of each entry; Infinity where there was one probe. */
  readonly standardError: Float64Array
  readonly probes: number
}

/**
 * The means of z_i (A z)_i over probes of random signs (Bekas, Kokiopoulou and Saad 2007), unbiased; the variance of entry i is the
 * sum of the squares of the other entries of its row (symmetric A), over `probes`.
 *
 * Probe i comes from `seed.child(i)`, as in Trace.hutchinson, of which this is the vector form. Throws InvalidInput on bad counts
 * and on products that are not finite.
 */
export const estimate = (
  operator: Operator,
  options: { readonly dimension: number; readonly probes: number; readonly seed: Seed },
): DiagonalEstimate => {
  const { dimension, probes, seed } = options
  Require.count("Diagonal.estimate", "dimension", dimension, 0)
  Require.count("Diagonal.estimate", "probes", probes)
  const z = new Float64Array(dimension)
  const out = new Float64Array(dimension)
  const mean = new Float64Array(dimension)
  const squares = new Float64Array(dimension)
  for (let k = 0; k < probes; k++) {
    Probes.draw(seed, k, "signs", z)
    operator(z, out)
    if (!Vector.isFinite(out)) {
      invalid("Diagonal.estimate", "the operator must return finite numbers", { probe: k })
    }
    for (let i = 0; i < dimension; i++) {
      const sample = z[i]! * out[i]!
      const delta = sample - mean[i]!
      mean[i] = mean[i]! + delta / (k + 1)
      squares[i] = squares[i]! + delta * (sample - mean[i]!)
    }
  }
  const standardError = squares.map((sum) =>
    probes === 1 ? Infinity : Math.sqrt(sum / (probes - 1) / probes),
  )
  return { estimate: mean, standardError, probes }
}
