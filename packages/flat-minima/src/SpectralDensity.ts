/** The spectral density of a symmetric operator by stochastic Lanczos quadrature (Golub and Meurant 1994; Ubaru, Chen, Saad 2017). */
import { type Operator, RandomStream, type Seed, Tridiagonal, Vector } from "@nonconvex/numerics"
import { requireCount } from "./Input.ts"

export interface SpectralDensity {
  /** Nodes of the quadrature, ascending: Ritz values of all probes. */
  readonly eigenvalues: Float64Array
  /** The share of the spectrum that each node stands for; they add up to 1. */
  readonly weights: Float64Array
  /** Products with the operator. */
  readonly products: number
}

/**
 * Nodes and weights of the density of the spectrum, by `steps` Lanczos steps from each of `probes` random starts, reorthogonalised
 * twice. Moments up to `2 steps - 1` are those of the probes. Throws InvalidInput on bad counts.
 */
export const spectralDensity = (
  operator: Operator.Operator,
  options: {
    readonly dimension: number
    readonly probes: number
    readonly steps: number
    readonly seed: Seed.Seed
  },
): SpectralDensity => {
  const { dimension: n, probes, seed } = options
  requireCount("spectralDensity", "dimension", n)
  requireCount("spectralDensity", "probes", probes)
  requireCount("spectralDensity", "steps", options.steps)
  const steps = Math.min(n, options.steps)
  const nodes: Array<readonly [value: number, weight: number]> = []
  const basis = Array.from({ length: steps + 1 }, () => new Float64Array(n))
  let products = 0
  for (let k = 0; k < probes; k++) {
    RandomStream.make(seed.child(k)).fillSphere(basis[0]!)
    const diagonal: Array<number> = []
    const off: Array<number> = []
    let largest = 0
    for (let j = 0; j < steps; j++) {
      const w = basis[j + 1]!
      operator(basis[j]!, w)
      products++
      largest = Math.max(largest, Vector.norm(w))
      diagonal.push(Vector.dot(basis[j]!, w))
      for (let pass = 0; pass < 2; pass++) {
        for (let i = j; i >= 0; i--) Vector.axpy(-Vector.dot(basis[i]!, w), basis[i]!, w)
      }
      const beta = Vector.norm(w)
      if (j === steps - 1 || beta <= 1e-12 * largest) break
      off.push(beta)
      Vector.scale(1 / beta, w)
    }
    const { values, vectors } = Tridiagonal.eigen(
      Float64Array.from(diagonal),
      Float64Array.from(off.slice(0, diagonal.length - 1)),
    )
    values.forEach((value, j) => nodes.push([value, vectors[j * values.length]! ** 2 / probes]))
  }
  nodes.sort((a, b) => a[0] - b[0])
  return {
    eigenvalues: Float64Array.from(nodes, ([value]) => value),
    weights: Float64Array.from(nodes, ([, weight]) => weight),
    products,
  }
}
