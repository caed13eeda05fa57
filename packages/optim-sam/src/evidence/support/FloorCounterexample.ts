/** SAM on w^2 / 2 above the learning rate 1 / beta: an orbit that stays above the floor. */
import { Exact, type Given } from "@nonconvex/evidence"
import { expand, type RandomStronglyConvex } from "./RandomStronglyConvex.ts"

const { toText } = Exact

interface Numbers {
  readonly w: Exact.Value
  readonly rho: Exact.Value
  readonly eta: Exact.Value
}

/** Statement about the first step: its loss, or its distance from the minimum, against a bound. */
type Statement = (start: Numbers, next: Exact.Value) => Exact.Compared

const lossOf = (w: Exact.Value) => Exact.divide(Exact.square(w), Exact.of(2))

/** (1 - eta (2 - eta)) L(w) + eta rho^2 / (2 (2 - eta)), for alpha = beta = 1. */
const lossBound = ({ eta, rho, w }: Numbers) => {
  const rest = Exact.subtract(Exact.of(2), eta)
  const factor = Exact.subtract(Exact.one, Exact.multiply(eta, rest))
  const floor = Exact.divide(Exact.product(eta, rho, rho), Exact.multiply(Exact.of(2), rest))
  return { factor, floor, bound: Exact.add(Exact.multiply(factor, lossOf(w)), floor) }
}

const ofLoss: Statement = (start, next) => Exact.atMost(lossOf(next), lossBound(start).bound)

/** |1 - eta| |w| + eta rho. */
const ofDistance: Statement = ({ eta, rho, w }, next) =>
  Exact.atMost(
    Exact.absolute(next),
    Exact.add(
      Exact.absolute(Exact.multiply(Exact.subtract(Exact.one, eta), w)),
      Exact.multiply(eta, rho),
    ),
  )

/** The orbit 3, -3, 3, ... with the loss 9/2. */
export const floorCounterexample = Exact.counterexample<"w" | "rho" | "eta", Statement>({
  instance: { w: "3", rho: "1", eta: "3/2" },
  printed: ofLoss,
  work: (start, statement) => {
    const { eta, rho, w } = start
    const ascended = Exact.add(w, rho)
    const next = Exact.subtract(w, Exact.multiply(eta, ascended))
    const { bound, factor, floor } = lossBound(start)
    return {
      steps: [
        `on L = w^2 / 2, where alpha = beta = 1, SAM goes from w to w - eta (w + rho) = ${toText(next)}, and back from there by symmetry`,
        `the losses are ${toText(lossOf(w))} and ${toText(lossOf(next))}`,
        `said after one step: ${toText(factor)} L(w) + ${toText(floor)} = ${toText(bound)}`,
      ],
      compared: statement(start, next),
    }
  },
  controls: [
    ["a learning rate of 1/2, where the bound holds", { instance: { eta: "1/2" } }],
    ["the bound of the distance, |1 - eta| |w| + eta rho", { statement: ofDistance }],
  ],
})

interface Run {
  readonly problem: RandomStronglyConvex
  readonly product: number
  readonly radius: number
}

const horizon = 200

/**
 * Compares the loss after each step with its bound, on the quadratic of a drawn instance in its eigenbasis. Returns the
 * first loss above its bound. If the curvature varies, or if intervals become too wide first, there is no conclusion.
 */
export const exactLoss = (
  { problem, product, radius }: Run,
  { kernels }: Given,
): Exact.Compared => {
  const { alpha, basis, beta, spectrum, start } = expand(problem, kernels)
  const [eta, rho] = [Exact.divide(Exact.of(product), Exact.of(beta)), Exact.of(radius)]
  const lambdas = Array.from(spectrum, Exact.of)
  const half = Exact.of("1/2")
  const lossAt = (z: ReadonlyArray<Exact.Value>) =>
    Exact.multiply(
      half,
      Exact.sum(...z.map((x, i) => Exact.multiply(lambdas[i]!, Exact.square(x)))),
    )
  const n = lambdas.length
  let z: ReadonlyArray<Exact.Value> = lambdas.map((_, i) =>
    Exact.of(start.reduce((sum, x, j) => sum + basis[j * n + i]! * x, 0)),
  )
  const initial = lossAt(z)
  const rest = Exact.subtract(Exact.of(2), Exact.of(product))
  const factor = Exact.subtract(Exact.one, Exact.product(Exact.of(alpha), eta, rest))
  const floor = Exact.divide(
    Exact.product(half, eta, Exact.of(beta), Exact.square(Exact.multiply(Exact.of(beta), rho))),
    Exact.multiply(Exact.of(alpha), rest),
  )
  let power = Exact.one
  let compared = Exact.atMost(initial, { low: -Infinity, high: Infinity })
  for (let t = 0; t < (problem.curvature === "constant" ? horizon : 0); t++) {
    const gradient = z.map((x, i) => Exact.multiply(lambdas[i]!, x))
    const norm = Exact.sqrt(Exact.sum(...gradient.map(Exact.square)))
    z = z.map((x, i) => {
      const ascent = Exact.divide(Exact.product(rho, gradient[i]!), norm)
      return Exact.subtract(x, Exact.product(eta, lambdas[i]!, Exact.add(x, ascent)))
    })
    power = Exact.multiply(power, factor)
    compared = Exact.atMost(lossAt(z), Exact.add(Exact.multiply(power, initial), floor))
    if (Exact.confirm(compared).outcome === "refuted") break
  }
  return compared
}
