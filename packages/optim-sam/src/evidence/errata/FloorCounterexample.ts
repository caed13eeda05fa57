/** SAM on w^2 / 2 past the learning rate 1 / beta: an orbit that stays above the floor. */
import { Exact } from "@nonconvex/evidence"

const { toText } = Exact

interface Numbers {
  readonly w: Exact.Value
  readonly rho: Exact.Value
  readonly eta: Exact.Value
}

/** What is said of the first step: its loss, or its distance from the minimum, against a bound. */
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
