import { claim, Draw } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { quarter } from "../support/DeviationShares.ts"
import { corrected } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

const few = { ...Two.gameRunFields, min: Draw.integer(1, 2), max: Draw.integer(1, 2) }

/** Runs with errors so small that the bounds leave little slack. */
const exactAnswers = Draw.record({
  ...Two.gameRunFields,
  delta: Draw.logarithmic(1e-3, 1e-4),
})

const minimaxOfGradient =
  (deviationOf: typeof Theory.minimaxDeviationOfGradient): Two.Bounds =>
  ({ D, delta, eps }) => ({
    gap: Theory.minimaxGapOfGradient(1, D, eps, delta),
    deviation: deviationOf(D, eps, delta),
  })

/**
 * The constants are those of a proof with beta = 2 (l + r). The claim does not test beta: extragradient itself ends in such
 * a step, and on every tested instance the bounds hold without a correction.
 */
export const algorithm2InexactGradient = claim({
  id: "reproducible-minimax/algorithm-2-inexact-gradient",
  statement:
    "With oracle errors of at most delta, Algorithm 2 returns a gap of at most (58 l D^2 / eps + 4.3) delta D + eps. The squared deviation is at most 36 (9 + 4 sqrt2) D^4 delta^2 / eps^2.",
  inFloatingPoint: "run",
  source: corrected("Theorem 4.6"),
  subject: reproducibleMinimax,
  instances: Draw.record(few),
  value: minimaxOfGradient(Theory.minimaxDeviationOfGradient),
  margin: Two.gradientsWithin("minimax", 1),
  controls: [
    { ...Two.gapTimes("a gap forty times as large", "minimax", 40), instances: exactAnswers },
    {
      ...Two.smoothnessTimes("steps for a twentieth of the smoothness", "minimax", 0.05),
      instances: exactAnswers,
    },
    {
      name: "a thousandth of the deviation",
      value: minimaxOfGradient((...of) => Theory.minimaxDeviationOfGradient(...of) / 1000),
    },
    {
      name: "a deviation of order delta^2",
      value: minimaxOfGradient((_, __, delta) => quarter(delta)),
    },
  ],
})
