/** Random game, a plan for it, and runs of the plan with inexact oracles. */
import { Draw, type Given } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as RandomProblem from "./RandomProblem.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { publish, widthFor } from "../../solve/DitheredRounding.ts"
import { plan } from "../../solve/Plan.ts"
import { certify } from "../../solve/Run.ts"

export const certifiedGameFields = {
  ...RandomProblem.gameFields,
  gap: Draw.logarithmic(1, 0.05),
  deviation: Draw.logarithmic(1e-2, 1e-6),
  /** The oracle's error as a share of the allowed error. */
  share: Draw.linear(0.95, 0),
  strategy: RandomProblem.anyStrategy,
}
export type CertifiedGame = RandomProblem.Drawn<typeof certifiedGameFields>

export const certifiedGames = Draw.record(certifiedGameFields)

/** Plan for the tolerances, and runs with an oracle whose error is the declared one times `honesty`. */
export const solving = (instance: CertifiedGame, given: Given, honesty = 1) => {
  const expanded = RandomProblem.expand(instance, given)
  const { problem, start, stream } = expanded
  const { deviation, gap } = instance
  const chosen = plan(problem, start, { gap, deviation })
  const delta = instance.share * chosen.allowedError
  const width = widthFor(deviation, 0.5, start.length)
  const seed = Seed.root(instance.seed).child("publish")
  const { feasible } = problem
  const run = (strategy: RandomProblem.StrategyName) => {
    const errors = RandomProblem.strategyOf(strategy, { reference: start, stream })
    const oracle = inexact(problem, errors, honesty * delta)
    const certified = certify({ ...oracle, error: delta }, start, chosen)
    return { certified, published: publish(certified.point, { feasible, deviation, width, seed }) }
  }
  return { ...expanded, chosen, run }
}
