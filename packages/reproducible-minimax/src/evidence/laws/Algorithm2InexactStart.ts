import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { sixteenth } from "../support/DeviationShares.ts"
import { printed } from "../support/Paper.ts"
import { reproducibleMinimax } from "../support/Subject.ts"
import * as Two from "../support/TwoRuns.ts"

const minimaxOfStart =
  (deviationOf: (delta: number) => number): Two.Bounds =>
  ({ delta, eps }) => ({ gap: Theory.minimaxGapOfStart(eps), deviation: deviationOf(delta) })

export const algorithm2InexactStart = claim({
  id: "reproducible-minimax/algorithm-2-inexact-start",
  statement:
    "From starts within delta of each other, Algorithm 2 returns points with a duality gap of at most 2 eps and a squared deviation of at most 4 delta^2.",
  inFloatingPoint: "run",
  source: printed("Theorem 4.4"),
  subject: reproducibleMinimax,
  instances: Two.gameRuns,
  value: minimaxOfStart(Theory.minimaxDeviationOfStart),
  margin: Two.startsWithin("minimax"),
  controls: [
    Two.gapTimes("a gap forty times as large", "minimax", 40),
    { name: "a sixteenth of the deviation", value: minimaxOfStart(sixteenth) },
  ],
})
