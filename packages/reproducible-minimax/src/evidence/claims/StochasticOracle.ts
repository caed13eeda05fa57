import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { stochastic } from "../../oracle/InexactOracle.ts"
import { answerAt } from "../../problem/Problem.ts"
import { printed } from "../support/Paper.ts"
import { expand, gameFields } from "../support/RandomProblem.ts"

export const stochasticOracle = claim({
  id: "reproducible-minimax/stochastic-oracle",
  statement:
    "The stochastic oracle is unbiased, and its variance in all coordinates together is at most delta^2. False alarms: 4e-7 for each instance.",
  inFloatingPoint: "statistical",
  source: Kind.identity(printed("Definition 4")),
  tight: "the largest of many errors and its allowance grow alike, and their ratio approaches 1",
  instances: Draw.record({ ...gameFields, delta: Draw.logarithmic(1, 0.01) }),
  value: [0, 1],
  /**
   * Deviations are in standard errors, so that all sizes have the same threshold. The threshold for the mean is Bonferroni's
   * for its number of coordinates, 5.5 for ten.
   */
  margin: ({ instance, kernels, value: [bias, spread] }) => {
    const { problem, start, stream } = expand(instance, { kernels })
    const { delta } = instance
    const size = start.length
    const oracle = stochastic(problem, stream("noise"), spread * delta)
    const exact = answerAt(problem, start)
    const answer = new Float64Array(size)
    const sum = new Float64Array(size)
    const count = 2000
    let squares = 0
    for (let k = 0; k < count; k++) {
      oracle.operator(start, answer)
      Vector.axpy(-1, exact, answer)
      answer[0] = answer[0]! + bias * delta
      Vector.axpy(1 / count, answer, sum)
      squares += Vector.dot(answer, answer) / count
    }
    const errorOfMean = delta / Math.sqrt(size) / Math.sqrt(count)
    const relativeErrorOfSquares = Math.sqrt(2 / (size * count))
    const most = Math.sqrt(5.5 * 5.5 + 2 * Elementary.log(size / 10))
    return Margin.all(
      Margin.atMost(Vector.maxAbs(sum) / errorOfMean, most),
      Margin.atMost((squares / (delta * delta) - 1) / relativeErrorOfSquares, 4.9),
    )
  },
  controls: [
    { name: "a bias of a fifth of delta", value: [0.2, 1] },
    { name: "a variance of 1.5 delta^2", value: [0, Math.sqrt(1.5)] },
  ],
})
