/**
 * A spectral gap of a large Hessian from the Gauss-Newton matrix `A' A`, whose rank is at most the number of rows of A.
 *
 * The nonzero eigenvalues of `A' A` are those of the small matrix `A A'`, an exact dense problem, and all others are exactly 0.
 * By Weyl's theorem the eigenvalues of the Hessian H lie within `r = |H - A' A|` of them. So H has a gap if the smallest kept
 * eigenvalue is large compared with r; this is so near an interpolating minimum. By Davis and Kahan's theorem the subspaces tilt
 * by at most r over the distance between the two groups of eigenvalues.
 */
import type * as Kernels from "@nonconvex/numerics/Kernels"
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { GaussNewton, Objective } from "@nonconvex/problems/Objective"
import type { GapTest, Projection } from "../minima/TangentProjection.ts"
import * as Theory from "../theory/Theory.ts"

export interface FactoredGap {
  readonly test: GapTest
  /** tr A' A. */
  readonly trace: number
  /** Upper bound r on `|H - A' A|`; it fails with probability at most `failure`. */
  readonly remainder: number
  /** `H - A' A`. */
  readonly rest: Operator.Operator
}

export interface Options {
  readonly seed: Seed.Seed
  readonly gap?: number
  readonly zero?: number
  readonly kernels: Kernels.Kernels
}

/** Probability that the bound on the remainder is too small. */
export const failure = 1e-6

/** Lanczos steps for the remainder; each takes two products. */
const steps = 20

/** Upper bound on the norm of a symmetric operator, computed from its square, which has no negative eigenvalue. */
const normBound = (
  operator: Operator.Operator,
  dimension: number,
  { kernels, seed }: Pick<Options, "kernels" | "seed">,
): number => {
  const between = new Float64Array(dimension)
  const square: Operator.Operator = (v, out) => {
    operator(v, between)
    operator(between, out)
  }
  const [rule] = StochasticLanczosQuadrature.quadrature(square, {
    dimension,
    seed,
    probes: 1,
    steps,
    kernels,
  }).rules
  const found = Math.max(0, rule!.nodes.at(-1)!)
  return Math.sqrt(found / (1 - Theory.lanczosShortfall(dimension, steps, failure)))
}

interface Cut {
  readonly kept: number
  readonly gap: number
  readonly smallestKept: number
  /** Largest eigenvalue that may lie below the cut. */
  readonly largestDropped: number
}

/** The cut with the largest guaranteed ratio of the two groups; `sizes` descend, and zeros follow up to `dimension`. */
const bestCut = (
  sizes: ReadonlyArray<number>,
  dimension: number,
  remainder: number,
  zero: number,
): Cut => {
  const largest = sizes[0]!
  // below this an eigenvalue is rounding
  const floor = 1e-15 * dimension * largest
  const at = (k: number): number => (k < sizes.length ? sizes[k]! : 0)
  let best: Cut = { kept: 0, gap: 1, smallestKept: 0, largestDropped: largest }
  for (let k = 1; k <= Math.min(sizes.length, dimension - 1); k++) {
    const largestDropped = at(k) + remainder
    const smallestKept = at(k - 1) - remainder
    if (largestDropped > zero * largest) continue
    const gap = smallestKept / Math.max(largestDropped, floor)
    if (gap > best.gap) best = { kept: k, gap, smallestKept, largestDropped }
  }
  const smallest = at(dimension - 1) - remainder
  if (smallest > zero * largest) {
    return { kept: dimension, gap: Infinity, smallestKept: smallest, largestDropped: 0 }
  }
  return best
}

/** Projects off the leading eigenvectors `A' u_k / sqrt(value_k)` without forming them. */
const projectOff = (
  { gemv }: Kernels.Kernels,
  a: Float64Array,
  dimension: number,
  pairs: ReadonlyArray<{ readonly value: number; readonly vector: Float64Array }>,
): Projection["apply"] => {
  const rows = a.length / dimension
  const along = new Float64Array(rows)
  const weights = new Float64Array(rows)
  return (v) => {
    // the second pass removes what the small eigenvalues have left of the first
    for (let pass = 0; pass < 2; pass++) {
      gemv(false, rows, dimension, 1, a, v, 0, along)
      weights.fill(0)
      for (const { value, vector } of pairs) {
        Vector.axpy(Vector.dot(vector, along) / value, vector, weights)
      }
      gemv(true, rows, dimension, -1, a, weights, 1, v)
    }
  }
}

/**
 * Gap test of `objective` at `x` from the factor of its Gauss-Newton matrix. It takes memory for `rows * dimension` numbers and
 * `O(rows^2 dimension)` operations. `gap` and `zero` are those of `TangentProjection.fromEigen`. Throws InvalidInput on a bad
 * point or bad options.
 */
export const fromFactor = (
  objective: Objective,
  { factor, rows }: GaussNewton,
  x: Float64Array,
  options: Options,
): FactoredGap => {
  const { gap = 1e3, zero = 1e-5 } = options
  const { dimension } = objective
  Require.vector("FactoredGap.fromFactor", "point", x, dimension)
  Require.positive("FactoredGap.fromFactor", "gap", gap)
  Require.positive("FactoredGap.fromFactor", "zero", zero)
  // A lies in the memory of kernels of its own, so that no product copies it
  const own = options.kernels.withCapacity(
    8 * (rows * dimension + rows * rows + 4 * (rows + dimension)) + 2 ** 20,
  )
  const a = own.arena.f64(rows * dimension)
  factor(x, a)
  const gram = new Float64Array(rows * rows)
  own.syrk(false, rows, dimension, 1, a, 0, gram)
  const eigen = SymmetricEigen.eigen(gram, rows, options.kernels)
  const pairs = Array.from({ length: rows }, (_, k) => ({
    value: Math.max(0, eigen.values[rows - 1 - k]!),
    vector: SymmetricEigen.vector(eigen, rows - 1 - k),
  }))
  const sizes = pairs.map(({ value }) => value)

  const product = HessianVector.of(objective)
  const along = new Float64Array(rows)
  const rest: Operator.Operator = (v, out) => {
    product(x, v, out)
    own.gemv(false, rows, dimension, 1, a, v, 0, along)
    own.gemv(true, rows, dimension, -1, a, along, 1, out)
  }
  const remainder = normBound(rest, dimension, options)
  const shared = { trace: sizes.reduce((sum, value) => sum + value, 0), remainder, rest }
  const cut = bestCut(sizes, dimension, remainder, zero)
  if (sizes[0] === 0 || cut.gap < gap)
    return { ...shared, test: { _tag: "NoGap", largestGap: cut.gap } }
  const { kept, smallestKept } = cut
  const apply = projectOff(own, a, dimension, pairs.slice(0, kept))
  return {
    ...shared,
    test: {
      _tag: "Gap",
      projection: { rank: kept, gap: cut.gap, apply },
      smallestKept,
      tilt: remainder / (smallestKept - cut.largestDropped + remainder),
    },
  }
}
