import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { sixteenth } from "../support/DeviationShares.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

const proximalOfStart =
  (factor: number, deviationOf: (delta: number) => number): Two.Bounds =>
  ({ D, delta, first }) => ({
    gap: factor * Theory.proximalGapOfStart(1, D, delta, first.steps),
    deviation: deviationOf(delta),
  })

export const algorithm3InexactStart = claim({
  id: "reproducible-minimax/algorithm-3-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 3 with T steps returns a gap of at most l D^2 / T + l delta^2 / (2 T^2). The squared deviation is at most 9 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.7"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: proximalOfStart(1, Theory.proximalDeviationOfStart),
  margin: Two.startsWithin("proximalPoint"),
  controls: [
    { name: "a tenth of the gap", value: proximalOfStart(0.1, Theory.proximalDeviationOfStart) },
    { name: "a sixteenth of delta^2", value: proximalOfStart(1, sixteenth) },
  ],
})
