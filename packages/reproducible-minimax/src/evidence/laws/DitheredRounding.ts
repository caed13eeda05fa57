/** Probability that dithered rounding separates two points. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { same } from "../support/ChangedGame.ts"
import { plus } from "../support/Linear.ts"
import { derived } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const ditheredRounding = claim({
  id: "reproducible-minimax/dithered-rounding",
  statement:
    "Dithered rounding to a grid of width w with a shared seed makes points at distance rho equal bit for bit, except with a probability of at most sqrt(d) rho / w. It moves no point by more than sqrt(d) w / 2, and attains this. False alarms: 1e-9 for each instance.",
  inFloatingPoint: "statistical",
  source: derived("from small deviation to bitwise equality"),
  subject: reproducibleMinimax,
  instances: Draw.record({
    dimension: Draw.integer(1, 100),
    /** sqrt(d) rho / w. */
    bound: Draw.logarithmic(0.5, 1e-4),
    seed: Draw.seed(),
  }),
  value: {},
  margin: ({
    instance: { bound, dimension, seed },
    subject,
    value: { factor = 1, shared = true },
  }) => {
    const root = Seed.root(seed)
    const stream = RandomStream.make(root.child("points"))
    const point = stream.normals(dimension)
    const width = 2 ** -7
    const distance = (bound * width) / Math.sqrt(dimension)
    const other = plus(point, distance, stream.onSphere(dimension))
    const count = 400
    let different = 0
    for (let k = 0; k < count; k++) {
      const one = subject.rounding(point, { seed: root.child(k), width }).point
      const two = subject.rounding(other, { seed: root.child(shared ? k : -1 - k), width }).point
      if (!same(one, two)) different++
    }
    const grid = { seed: root, width }
    const middle = subject.rounding(point, grid).point
    // all but at the corner of its cell
    const corner = middle.map((x) => x + (0.5 - 1e-9) * width)
    const moved = Vector.distance(corner, subject.rounding(corner, grid).point)
    const expected = factor * Theory.roundingFailure(distance, width, dimension) * count
    // Bernstein: more than this has a probability below 1e-9
    const allowed = 6.91 + Math.sqrt(6.91 * 6.91 + 41.4 * expected)
    return Margin.all(
      Margin.atMost(different, expected + allowed),
      Margin.equal(moved, Theory.publishedDistance(0, width, dimension), { relative: 1e-8 }),
      Margin.atMost(Vector.distance(point, middle), Theory.publishedDistance(0, width, dimension)),
    )
  },
  controls: [
    { name: "a fifth of the probability", value: { factor: 0.2 } },
    { name: "a seed of its own for each run", value: { shared: false } },
  ],
})
