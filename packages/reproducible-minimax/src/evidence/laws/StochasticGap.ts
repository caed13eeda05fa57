import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Average from "../../methods/Average.ts"
import * as Theory from "../../theory/Theory.ts"
import { deviation } from "../support/Follow.ts"
import { fields, outputs } from "../support/NoisyGame.ts"
import { printed } from "../support/Paper.ts"
import { largestAnswer } from "../support/RandomProblem.ts"
import { reproducibleMinimax } from "../support/Subject.ts"

export const stochasticGap = claim({
  id: "reproducible-minimax/stochastic-gap",
  statement:
    "SGDA with steps 1 / (l eps T) and T >= 1 / eps^2 has a weak duality gap of at most (l D^2 + (L^2 + delta^2) / (2 l)) eps. False alarms: 3e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: printed("Theorem 5.1"),
  subject: reproducibleMinimax,
  instances: Draw.record({ ...fields, curvature: Draw.oneOf(0) }),
  value: 1,
  margin: ({ instance, kernels, subject, value: factor }) => {
    const count = 100
    const { expanded, means } = outputs(subject, instance, { kernels }, count)
    const { D, problem } = expanded
    const center = Average.make(expanded.start.length)
    for (const mean of means) Average.add(center, mean)
    const z = Average.mean(center)
    // the gap of the mean is the weak gap where the game is bilinear; the mean itself is off by its standard error
    const squares = means.reduce((sum, mean) => sum + deviation(mean, z), 0)
    const spread = Math.sqrt(squares / (count - 1) / count)
    const L = largestAnswer(expanded)
    const bound = Theory.stochasticGap(1, D, L, instance.delta, instance.gap)
    return Margin.atMost(problem.gap!(z) - 5 * Math.SQRT2 * L * spread, factor * bound)
  },
  controls: [{ name: "a twentieth of the gap", value: 0.05 }],
})
