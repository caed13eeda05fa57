/**
 * The two tables of rates (Zhang et al. 2023, Tables 1 and 2, as printed), for smoothness and diameter 1 and up to constants and
 * logarithms: calls of the oracle to reach a gap of eps, and the squared deviation of two runs whose oracles err by delta.
 */

/** An entry of a table; undefined where the paper has none. */
export interface Rate {
  readonly complexity?: (eps: number, delta: number) => number
  readonly deviation?: (eps: number, delta: number) => number
}

export interface RateRow {
  readonly algorithm: string
  /** Of an inexact start. */
  readonly start: Rate
  /** Of an inexact gradient. */
  readonly gradient: Rate
}

const inverse = (eps: number): number => 1 / eps
const root = (eps: number): number => 1 / Math.sqrt(eps)
const inverseSquare = (eps: number): number => 1 / eps ** 2
const squared = (_: number, delta: number): number => delta ** 2
const amplified = (eps: number, delta: number): number => (delta / eps) ** 2

/** Smooth convex minimisation. */
export const minimisationRates: ReadonlyArray<RateRow> = [
  {
    algorithm: "GD",
    start: { complexity: inverse, deviation: squared },
    gradient: { complexity: inverse, deviation: amplified },
  },
  {
    algorithm: "AGD",
    start: {
      complexity: root,
      deviation: (eps, delta) => delta ** 2 * Math.exp(1 / Math.sqrt(eps)),
    },
    gradient: {},
  },
  {
    algorithm: "Algorithm 1",
    start: { complexity: root, deviation: squared },
    gradient: { complexity: root, deviation: (eps, delta) => delta ** 2 / eps ** 2.5 },
  },
  {
    algorithm: "lower bound",
    start: { complexity: root, deviation: squared },
    gradient: { complexity: root, deviation: amplified },
  },
]

/** Smooth convex-concave games; deviations never exceed the size of the set. */
export const minimaxRates: ReadonlyArray<RateRow> = [
  {
    algorithm: "GDA",
    start: { complexity: inverseSquare, deviation: squared },
    gradient: { complexity: inverseSquare, deviation: amplified },
  },
  {
    algorithm: "EG",
    start: {
      complexity: inverse,
      deviation: (eps, delta) =>
        Math.min(delta ** 2 * Math.exp(1 / eps), delta ** 2 + 1 / eps ** 2, 1),
    },
    gradient: {
      complexity: inverse,
      deviation: (eps, delta) => Math.min(delta ** 2 * Math.exp(1 / eps), 1 / eps ** 2, 1),
    },
  },
  {
    algorithm: "EG, small steps",
    start: { complexity: (eps, delta) => 1 / (Math.sqrt(delta) * eps ** 1.5), deviation: squared },
    gradient: { complexity: (eps, delta) => 1 / (eps * Math.sqrt(delta)), deviation: amplified },
  },
  {
    algorithm: "Algorithm 2",
    start: { complexity: inverse, deviation: squared },
    gradient: { complexity: inverse, deviation: amplified },
  },
  {
    algorithm: "Algorithm 3",
    start: { complexity: inverse, deviation: squared },
    gradient: { complexity: inverse, deviation: amplified },
  },
  {
    algorithm: "lower bound",
    start: { complexity: inverse, deviation: squared },
    gradient: { complexity: inverse, deviation: amplified },
  },
]

/** SGDA with batches of one: `1 / eps^2` samples at least, deviation `delta^2 / (eps^2 T)` in expectation, optimal (Theorem 5.1). */
export const stochasticDeviation = (eps: number, delta: number, steps: number): number =>
  delta ** 2 / (eps ** 2 * steps)
