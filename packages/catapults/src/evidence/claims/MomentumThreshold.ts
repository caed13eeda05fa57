import { claim, Draw, Margin } from "@nonconvex/evidence"
import { momentum } from "@nonconvex/problems/Momentum"
import * as Theory from "../../theory/index.ts"
import { derived } from "../support/Paper.ts"

export const momentumThreshold = claim({
  id: "catapults/momentum-threshold",
  statement:
    "On a quadratic, gradient descent with momentum beta is stable exactly if eta lambda < 2 (1 + beta). For the loss c |r|^2 this means eta < (1 + beta) / (c lambda(K)).",
  inFloatingPoint: "run",
  extent: { dimension: 1 },
  source: derived("critical rate with momentum"),
  instances: Draw.record({
    momentum: Draw.linear(0, 0.95),
    curvature: Draw.logarithmic(1, 100),
    isPast: Draw.oneOf(false, true),
  }),
  value: (curvature: number, beta: number) => Theory.criticalRateOfCurvature(curvature, beta),
  margin: ({ instance: { curvature, isPast, momentum: beta }, value: critical }) => {
    const learningRate = (isPast ? 1.02 : 0.999) * critical(curvature, beta)
    // c |r|^2 has twice its factor as curvature
    const rates = [
      [
        Theory.criticalRate(0.3, curvature / 0.6, beta),
        Theory.criticalRateOfCurvature(curvature, beta),
      ],
      [Theory.criticalRate(0.3, curvature / 0.6), Theory.criticalRateOfCurvature(curvature)],
      [Theory.stabilityLimit(beta), curvature * Theory.criticalRateOfCurvature(curvature, beta)],
      [Theory.stabilityLimit(), curvature * Theory.criticalRateOfCurvature(curvature)],
    ].map(([one, other]) => Margin.equal(one!, other!, { relative: 1e-12 }))
    const update = momentum({ learningRate, momentum: beta })
    const state = update.init(1)
    const point = Float64Array.of(1)
    const gradient = new Float64Array(1)
    let largest = 1
    for (let t = 0; t < 5000 && largest < 1e7; t++) {
      gradient[0] = curvature * point[0]!
      update.apply(state, point, gradient)
      largest = Math.max(largest, Math.abs(point[0]!))
    }
    // the largest transient of a stable run is of order 1 / (1 - beta), and the root near -1 adds as much again
    return Margin.all(...rates, isPast ? Margin.atLeast(largest, 1e6) : Margin.atMost(largest, 1e4))
  },
  controls: [
    {
      name: "2 / lambda whatever the momentum",
      value: (curvature) => Theory.criticalRateOfCurvature(curvature, 0),
    },
    { name: "divided by 1 - beta", value: (curvature, beta) => 2 / (curvature * (1 - beta)) },
  ],
})
