import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Curvature } from "../../monitor/CurvatureGauge.ts"
import { type Diagnosis, spikeMonitor } from "../../monitor/SpikeMonitor.ts"
import * as Theory from "../../theory/index.ts"
import { derived } from "../support/Paper.ts"

export const adviceAfterDivergence = claim({
  id: "catapults/advice-after-divergence",
  statement:
    "After a divergence the advice is a rate of at most 0.9 of the one in use, and where the curvature was measured and the rate past its critical one, a stable one.",
  inFloatingPoint: "program",
  source: derived("advice after a divergence"),
  subject: spikeMonitor,
  instances: Draw.record({
    momentum: Draw.oneOf(0, 0.5, 0.9),
    curvature: Draw.logarithmic(1e-3, 1e3),
    /** Learning rate over the critical one. */
    multiple: Draw.logarithmic(0.01, 100),
    /** Growth of the loss in a step. */
    growth: Draw.logarithmic(2, 1e8),
    isMeasured: Draw.oneOf(false, true),
    isShown: Draw.oneOf(false, true),
  }),
  margin: ({ instance, kernels, subject: monitors }) => {
    const { curvature, growth, isMeasured, isShown, momentum, multiple } = instance
    const monitor = monitors({ momentum, kernels })
    const learningRate = multiple * Theory.criticalRateOfCurvature(curvature, momentum)
    const operator: Curvature["operator"] = (v, out) => {
      out[0] = curvature * v[0]!
    }
    let found: Diagnosis | undefined
    for (let step = 0; found === undefined; step++) {
      const power = Elementary.pow(growth, Math.max(0, step - 3))
      found = monitor.observe({
        step,
        loss: (1 + 1 / (1 + step)) * power,
        learningRate,
        ...(isMeasured ? { curvature: { operator, dimension: 1 } } : {}),
        ...(isShown
          ? { gradient: Float64Array.of(Elementary.pow(-1, step) * Math.sqrt(power)) }
          : {}),
      })
    }
    if (found.kind !== "divergence") return Margin.holds(multiple <= 1 || !isMeasured)
    const next = found.advice.learningRate!
    return Margin.all(
      Margin.holds(next > 0),
      Margin.atMost(next, 0.9 * learningRate, 1e-12),
      isMeasured && multiple > 1
        ? Margin.atMost(next * curvature, Theory.stabilityLimit(momentum))
        : Margin.holds(true),
    )
  },
  controls: [
    {
      name: "the critical rate whatever the rate in use",
      subject: (monitors) => (options) => {
        const monitor = monitors(options)
        return {
          ...monitor,
          observe: (observation) => {
            const found = monitor.observe(observation)
            const ratio = found?.evidence.ratio
            if (found === undefined || ratio === undefined) return found
            const critical = observation.learningRate! / ratio
            return { ...found, advice: { ...found.advice, learningRate: 0.9 * critical } }
          },
        }
      },
    },
  ],
})
