import { claim, Draw } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as LimitMap from "../../minima/LimitMap.ts"
import * as Theory from "../../theory/Theory.ts"
import { exponentialValley } from "../support/ExponentialValley.ts"
import { matches } from "../support/NearPoint.ts"
import { derived } from "../support/Paper.ts"

export const limitInValley = claim({
  id: "flat-minima/limit-in-valley",
  statement: "The gradient flow of e^(c x) |y|^2 / 2 from (x, y) ends at x - c |y|^2 / 4.",
  inFloatingPoint: "limit",
  source: derived("closed form of the limit map"),
  instances: Draw.record({
    rate: Draw.linear(0.2, 1.5),
    x: Draw.linear(0, 1),
    width: Draw.integer(1, 4),
    seed: Draw.seed(),
  }),
  value: 1,
  /** Compares the limit with the closed form, with `part` of its drift. */
  margin: ({ instance: { rate, seed, width, x }, value: part }) => {
    const point = RandomStream.make(Seed.root(seed)).normals(1 + width)
    for (let j = 1; j < point.length; j++) point[j]! *= 0.3
    point[0] = x
    let square = 0
    for (let j = 1; j < point.length; j++) square += point[j]! * point[j]!
    return matches(LimitMap.limit(exponentialValley({ rate, width }), point), [
      Theory.exponentialValley.limit(x, part * square, rate),
    ])
  },
  controls: [{ name: "half of the drift", value: 0.5 }],
})
