/** With what probability dithered rounding separates two points. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { direction, plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import type { Drawn } from "../support/RandomProblem.ts"
import type { Subject } from "../support/Subject.ts"
import * as Theory from "../../theory/index.ts"

const roundings = {
  dimension: Draw.integer(1, 100),
  /** sqrt(d) rho / w. */
  bound: Draw.logarithmic(0.5, 1e-4),
  seed: Draw.seed(),
}
type Rounding = Drawn<typeof roundings>

const roundingMargin =
  (factor: number, shared = true) =>
  (subject: Subject, { bound, dimension, seed }: Rounding): number => {
    const root = Seed.root(seed)
    const stream = RandomStream.make(root.child("points"))
    const point = new Float64Array(dimension)
    stream.fillNormal(point)
    const width = 2 ** -7
    const distance = (bound * width) / Math.sqrt(dimension)
    const other = plus(point, distance, direction(dimension, stream))
    const count = 400
    let different = 0
    for (let k = 0; k < count; k++) {
      const one = subject.rounding(point, { seed: root.child(k), width }).point
      const two = subject.rounding(other, { seed: root.child(shared ? k : -1 - k), width }).point
      if (one.some((x, i) => !Object.is(x, two[i]))) different++
    }
    const expected = factor * Theory.roundingFailure(distance, width, dimension) * count
    // Bernstein: more than this has a probability below 1e-9
    const allowed = 6.91 + Math.sqrt(6.91 ** 2 + 41.4 * expected)
    return Margin.atMost(different, expected + allowed)
  }

export const rounding = law({
  id: "reproducible-minimax/dithered-rounding",
  statement:
    "Dithered rounding to a grid of width w with a shared seed makes points at distance rho equal to the bit, but with a probability of at most sqrt(d) rho / w. False alarms: 1e-9 for each instance.",
  source: derived("from small deviation to bitwise equality"),
  instances: Draw.record(roundings),
  margin: roundingMargin(1),
  controls: [
    { name: "a fifth of the probability", margin: roundingMargin(0.2) },
    { name: "a seed of its own for each run", margin: roundingMargin(1, false) },
  ],
})
