import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import type { Problem } from "../../problem/Problem.ts"
import { plan, type Tolerances } from "../../solve/Plan.ts"
import { certify } from "../../solve/Run.ts"
import { certifiedGameFields, certifiedGames, solving } from "../support/CertifiedRun.ts"
import { same } from "../support/ChangedGame.ts"
import { derived } from "../support/Paper.ts"
import { attempt } from "../support/Refused.ts"

/** Two runs without payoffs, whose oracles have opposite errors of the largest certified size. */
const attainedOnFlat = (tolerances: Tolerances) => {
  const flat: Problem = {
    name: "no payoffs",
    dimensions: [1, 1],
    feasible: FeasibleSet.ball(1),
    smoothness: 1,
    error: 0,
    operator: (_, out) => void out.fill(0),
  }
  const start = new Float64Array(2)
  const chosen = plan(flat, start, tolerances)
  const run = (sign: number) => {
    const errors = ErrorStrategy.constant(Float64Array.of(sign, 0))
    return certify(inexact(flat, errors, 1.9 * chosen.allowedError), start, chosen)
  }
  const [one, two] = [run(1), run(-1)]
  return { apart: Vector.distance(one.point, two.point), certified: one.deviation }
}

export const certifiedRunsAgree = claim({
  id: "reproducible-minimax/certified-runs-agree",
  statement:
    "Two certified runs of one plan, by Algorithm 2 or 3 and with oracles of opposite errors, are within the requested deviation. If the clearance guarantees it, they publish the same bits. On a game without payoffs, errors of nearly twice the allowed size attain nine tenths of the deviation.",
  inFloatingPoint: "run",
  source: derived("the sum of two certificates"),
  instances: certifiedGames,
  value: 1,
  margin: ({ instance, kernels, value: honesty }) => {
    const { run } = solving(instance, { kernels }, honesty)
    const found = attempt(() => [run(instance.strategy), run("opposed")] as const)
    if (found === undefined) return Margin.holds(false)
    const [one, two] = found
    const apart = Vector.distance(one.certified.point, two.certified.point)
    const attained = attainedOnFlat(instance)
    return Margin.all(
      Margin.atMost(apart, instance.deviation),
      Margin.atMost(attained.apart, attained.certified),
      // each is 0.95 of its half off, but for the residual that is left, a twentieth of it at most
      Margin.atLeast(attained.apart, 0.9 * instance.deviation),
      Margin.holds(!one.published.certain || same(one.published.point, two.published.point)),
    )
  },
  controls: [
    {
      name: "oracles that err by twenty times what they declare",
      value: 20,
      instances: Draw.record({ ...certifiedGameFields, share: Draw.linear(0.95, 0.5) }),
    },
  ],
})
