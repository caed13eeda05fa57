/**
 * Spectral densities and traces of functions of large symmetric operators, by stochastic Lanczos quadrature.
 *
 * Source: Golub and Meurant (1994) for the quadrature. For its use: Lin, Saad and Yang, "Approximating spectral densities of
 * large matrices" (2016), and Ubaru, Chen and Saad (2017). Each probe gives a Gauss rule for the spectral measure at a
 * random direction. With m nodes it is exact for polynomials up to degree 2 m - 1. Standard errors measure the spread over
 * probes. The quadrature error comes in addition, and becomes visible when `steps` is doubled.
 */
import * as Elementary from "./Elementary.ts"
import { invalid } from "./InvalidInput.ts"
import * as Kernels from "./Kernels.ts"
import * as KrylovBasis from "./internal/KrylovBasis.ts"
import type { Operator } from "./Operator.ts"
import * as RandomStream from "./RandomStream.ts"
import * as Require from "./Require.ts"
import type { Seed } from "./Seed.ts"
import * as SymmetricEigen from "./SymmetricEigen.ts"
import { Spread, type TraceEstimate } from "./internal/TraceEstimate.ts"

/** A Gauss rule for one probe: weights, which sum to 1, at nodes, ascending. */
interface Rule {
  readonly nodes: Float64Array
  readonly weights: Float64Array
}

/** Rules for several probes of one operator. */
interface Quadrature {
  readonly dimension: number
  readonly rules: ReadonlyArray<Rule>
  readonly products: number
}

/** Number of probes, and the length of each. */
export interface Options {
  readonly dimension: number
  /** Probe i is uniform on the sphere, from `seed.child(i)`. */
  readonly seed: Seed
  readonly probes: number
  /** Products for each probe, and nodes of its rule unless its Krylov space is smaller. */
  readonly steps: number
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
}

/**
 * Rules for `probes` random directions, by Lanczos with full reorthogonalisation. Throws InvalidInput on bad counts and on
 * products that are not finite.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 1, 1, 2), 2)
 * const { products, rules } = StochasticLanczosQuadrature.quadrature(operator, { dimension: 2, probes: 4, steps: 2, seed: Seed.root(1) })
 * products // => 8
 * rules[0]!.nodes // ≈ [1.000, 3.000]
 * ```
 */
export const quadrature = (operator: Operator, options: Options): Quadrature => {
  const { dimension, seed, probes, steps, kernels = Kernels.standard() } = options
  Require.count("StochasticLanczosQuadrature.quadrature", "dimension", dimension)
  Require.count("StochasticLanczosQuadrature.quadrature", "probes", probes)
  Require.count("StochasticLanczosQuadrature.quadrature", "steps", steps)
  const size = Math.min(steps, dimension)
  let products = 0
  const start = new Float64Array(dimension)
  const rules = Array.from({ length: probes }, (_, i) => {
    const stream = RandomStream.make(seed.child(i))
    stream.fillSphere(start)
    return KrylovBasis.using(kernels, dimension, size, (basis) => {
      basis.begin(start, stream)
      // The part of the space that the probe reaches ends at a breakdown.
      while (basis.length < size) {
        const beta = basis.extend(operator)
        products++
        if (!(beta < Infinity)) {
          const numbers = { norm: beta, probe: i }
          invalid(
            "StochasticLanczosQuadrature.quadrature",
            "the operator must return finite numbers",
            numbers,
          )
        }
        if (beta === 0) break
      }
      const count = basis.length
      const { values, vectors } = SymmetricEigen.eigen(basis.projection(), count, kernels)
      return {
        nodes: values,
        weights: values.map((__, j) => Elementary.square(vectors[j * count]!)),
      }
    })
  })
  return { dimension, rules, products }
}

/**
 * An estimate of trace f(A), for f finite at the nodes (log for the log-determinant, exp, a power, an indicator).
 *
 * @example
 * ```ts import.meta.vitest
 * import { Seed } from "@nonconvex/numerics"
 * import * as StochasticLanczosQuadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"
 * import * as Operator from "@nonconvex/numerics/Operator"
 *
 * const operator = Operator.fromSymmetric(Float64Array.of(2, 0, 0, 2), 2)
 * const rules = StochasticLanczosQuadrature.quadrature(operator, { dimension: 2, probes: 4, steps: 2, seed: Seed.root(1) })
 * // the logarithm of the determinant, log 4
 * StochasticLanczosQuadrature.traceOf(rules, Math.log).estimate // ≈ 1.386294
 * ```
 */
export const traceOf = (of: Quadrature, f: (eigenvalue: number) => number): TraceEstimate => {
  const spread = new Spread()
  for (const { nodes, weights } of of.rules) {
    let sum = 0
    for (let j = 0; j < nodes.length; j++) sum += weights[j]! * f(nodes[j]!)
    spread.add(of.dimension * sum)
  }
  const { mean: estimate, standardError, count } = spread
  return { estimate, standardError, probes: count, products: of.products }
}

/** A function of the spectrum on a grid, with one standard deviation for each point. */
interface Curve {
  readonly values: Float64Array
  readonly standardError: Float64Array
}

const curve = (
  of: Quadrature,
  grid: Float64Array,
  f: (x: number, node: number) => number,
): Curve => {
  const spreads = Array.from(grid, (x) => {
    const { estimate, standardError } = traceOf(of, (node) => f(x, node))
    return [estimate / of.dimension, standardError / of.dimension] as const
  })
  return {
    values: Float64Array.from(spreads, ([value]) => value),
    standardError: Float64Array.from(spreads, ([, error]) => error),
  }
}

/**
 * The spectral density on a grid, smoothed by a Gaussian of standard deviation `width` (in units of the eigenvalues), of integral
 * 1. Throws InvalidInput unless width is positive.
 */
export const density = (of: Quadrature, grid: Float64Array, width: number): Curve => {
  if (!(width > 0))
    invalid("StochasticLanczosQuadrature.density", "width must be positive", { width })
  const height = 1 / (width * Math.sqrt(2 * Math.PI))
  return curve(
    of,
    grid,
    (x, node) => height * Elementary.exp(-0.5 * Elementary.square((x - node) / width)),
  )
}
