/**
 * The two tables of rates (Zhang et al. 2023, Tables 1 and 2, as printed), for smoothness and diameter 1 and up to constants and
 * logarithms: calls of the oracle to reach a gap of eps, and the squared deviation of two runs whose oracles err by delta.
 */

type Of = (eps: number, delta: number) => number

/** An entry of a table; undefined where the paper has none. */
export interface Rate {
  readonly complexity?: Of
  readonly deviation?: Of
}

export interface RateRow {
  readonly algorithm: string
  /** Of an inexact start. */
  readonly start: Rate
  /** Of an inexact gradient. */
  readonly gradient: Rate
}

const inverse: Of = (eps) => 1 / eps
const root: Of = (eps) => 1 / Math.sqrt(eps)
const inverseSquare: Of = (eps) => 1 / eps ** 2
const squared: Of = (_, delta) => delta ** 2
const amplified: Of = (eps, delta) => (delta / eps) ** 2

/** Calls, and the deviation of an inexact start and of an inexact gradient. */
const row = (
  algorithm: string,
  complexity: Of,
  [ofStart, ofGradient]: readonly [Of, Of] = [squared, amplified],
): RateRow => ({
  algorithm,
  start: { complexity, deviation: ofStart },
  gradient: { complexity, deviation: ofGradient },
})

/** Smooth convex minimisation. */
export const minimisationRates: ReadonlyArray<RateRow> = [
  row("GD", inverse),
  {
    algorithm: "AGD",
    start: { complexity: root, deviation: (eps, delta) => delta ** 2 * Math.exp(root(eps, delta)) },
    gradient: {},
  },
  row("Algorithm 1", root, [squared, (eps, delta) => delta ** 2 / eps ** 2.5]),
  row("lower bound", root),
]

/** Smooth convex-concave games; deviations never exceed the size of the set. */
export const minimaxRates: ReadonlyArray<RateRow> = [
  row("GDA", inverseSquare),
  row("EG", inverse, [
    (eps, delta) => Math.min(delta ** 2 * Math.exp(1 / eps), delta ** 2 + 1 / eps ** 2, 1),
    (eps, delta) => Math.min(delta ** 2 * Math.exp(1 / eps), 1 / eps ** 2, 1),
  ]),
  {
    algorithm: "EG, small steps",
    start: { complexity: (eps, delta) => 1 / (Math.sqrt(delta) * eps ** 1.5), deviation: squared },
    gradient: { complexity: (eps, delta) => 1 / (eps * Math.sqrt(delta)), deviation: amplified },
  },
  row("Algorithm 2", inverse),
  row("Algorithm 3", inverse),
  row("lower bound", inverse),
]
