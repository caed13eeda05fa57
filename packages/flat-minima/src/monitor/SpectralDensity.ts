/** The spectral density of a symmetric operator as one list of nodes, for figures. */
import type * as Operator from "@nonconvex/numerics/Operator"
import * as Quadrature from "@nonconvex/numerics/StochasticLanczosQuadrature"

export interface SpectralDensity {
  /** Nodes of the quadrature, ascending: the Ritz values of all probes. */
  readonly eigenvalues: Float64Array
  /** The share of the spectrum at each node; shares sum to 1. */
  readonly weights: Float64Array
  /** Products with the operator. */
  readonly products: number
}

/**
 * Nodes and weights of the density of the spectrum, by `steps` Lanczos steps from each of `probes` random starts. They are the
 * averaged rules of `StochasticLanczosQuadrature.quadrature` of @nonconvex/numerics. Throws the errors of `quadrature`.
 */
export const spectralDensity = (
  operator: Operator.Operator,
  options: Quadrature.Options,
): SpectralDensity => {
  const { products, rules } = Quadrature.quadrature(operator, options)
  const nodes = rules
    .flatMap((rule) =>
      Array.from(rule.nodes, (value, j) => [value, rule.weights[j]! / rules.length] as const),
    )
    .toSorted((a, b) => a[0] - b[0])
  return {
    eigenvalues: Float64Array.from(nodes, ([value]) => value),
    weights: Float64Array.from(nodes, ([, weight]) => weight),
    products,
  }
}
