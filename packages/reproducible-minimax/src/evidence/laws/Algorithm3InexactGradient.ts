import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { quarter } from "../support/DeviationShares.ts"
import { corrected } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

const few = { ...Two.gameRunFields, min: Draw.integer(1, 2), max: Draw.integer(1, 2) }

const proximalOfGradient =
  (
    allowed: (gap: number, eps: number) => number,
    deviationOf: typeof Theory.proximalDeviationOfGradient = Theory.proximalDeviationOfGradient,
  ): Two.Bounds =>
  ({ D, delta, eps, first }) => ({
    gap: allowed(Theory.proximalGapOfGradient(1, D, delta, first.steps), eps),
    deviation: deviationOf(1, delta, first.steps),
  })

/**
 * With the constants of beta = 4 l. Like Algorithm 2 it needs no correction, because GDA ends in a step of length 1 / (16
 * l).
 */
export const algorithm3InexactGradient = claim({
  id: "reproducible-minimax/algorithm-3-inexact-gradient",
  statement:
    "With oracle errors of at most delta, Algorithm 3 returns a gap of at most l D^2 / T + 33.5 delta D, and a gap of eps for delta <= eps / (68 D). The squared deviation is at most 81 delta^2 T^2 / l^2.",
  inFloatingPoint: "run",
  source: corrected("Theorem 4.8"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...few, gap: Draw.logarithmic(1, 0.2) }),
  value: proximalOfGradient((gap, eps) => Math.min(eps, gap)),
  // for delta up to eps / (68 D), where half of the gap is kept
  margin: Two.gradientsWithin("proximalPoint", 1 / (0.3 * 68)),
  controls: [
    Two.gapTimes("a gap forty times as large", "proximalPoint", 40),
    Two.smoothnessTimes("steps for a tenth of the smoothness", "proximalPoint", 0.1),
    { name: "a tenth of the gap", value: proximalOfGradient((gap) => 0.1 * gap) },
    {
      name: "a deviation of order delta^2",
      value: proximalOfGradient(
        (gap) => gap,
        (_, delta) => quarter(delta),
      ),
    },
  ],
})
