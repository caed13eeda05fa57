import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Average from "../../methods/Average.ts"
import type { Problem } from "../../problem/Problem.ts"
import type { Plan } from "../../solve/Plan.ts"
import {
  type CertifiedGame,
  certifiedGameFields,
  certifiedGames,
  solving,
} from "../support/CertifiedRun.ts"
import { derived } from "../support/Paper.ts"
import { attempt } from "../support/Refused.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

/** The point that every run of the plan aims at: the regularised solution, or the mean of exact proximal steps. */
const aim = (problem: Problem, start: Float64Array, { outer, strength }: Plan): Float64Array => {
  const average = Average.make(start.length)
  let point = start
  for (let t = 0; t < outer; t++) {
    point = reproducibleMinimax.regularised(problem, point, strength, 1e-11)
    Average.add(average, point)
  }
  return Average.mean(average)
}

/** Factors by which the true error exceeds the declared one, and by which the certified distance may be exceeded. */
interface Dishonesty {
  readonly honesty?: number
  readonly factor?: number
}

const distanceMargin = (
  instance: CertifiedGame,
  given: Given,
  { factor = 1, honesty = 1 }: Dishonesty,
): Margin.Comparison => {
  const { chosen, problem, run, start } = solving(instance, given, honesty)
  const certified = attempt(() => run(instance.strategy).certified)
  if (certified === undefined) return Margin.holds(false)
  const allowed = factor * certified.distance + 1e-10 * chosen.outer
  const distance = Vector.distance(certified.point, aim(problem, start, chosen))
  return Margin.atMost(distance, allowed, 1e-9)
}

/** Instances for which the plan takes proximal steps. */
const proximal = Draw.record({
  ...certifiedGameFields,
  set: Draw.oneOf("ball"),
  gap: Draw.logarithmic(0.3, 0.1),
  deviation: Draw.logarithmic(0.05, 0.02),
})

export const certifiedDistance = claim({
  id: "reproducible-minimax/certified-distance",
  statement:
    "The certificate of a solve, (|V(w) + n| + delta) / r with the normal n found by the projection, bounds the distance to the regularised solution. The mean of its sums over proximal steps bounds the distance to the mean of exact ones. Both hold for every error strategy on every set.",
  inFloatingPoint: "run",
  source: derived("strong monotonicity, with a normal vector in place of the VI residual"),
  instances: certifiedGames,
  value: { honesty: 1 },
  margin: ({ instance, kernels, value }) => distanceMargin(instance, { kernels }, value),
  controls: [
    { name: "an oracle that errs by twenty times what it declares", value: { honesty: 20 } },
    { name: "a twentieth of the distance", value: { factor: 0.05 } },
    {
      name: "a twentieth of the distance of proximal steps",
      instances: proximal,
      margin: ({ instance, kernels }) =>
        solving(instance, { kernels }).chosen.algorithm === "proximal"
          ? distanceMargin(instance, { kernels }, { factor: 0.05 })
          : Margin.holds(true),
    },
  ],
})
