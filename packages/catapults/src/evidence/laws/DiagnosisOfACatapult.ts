import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import { sharpnessMeter } from "../../monitor/SharpnessMeter.ts"
import { spikeMonitor } from "../../monitor/SpikeMonitor.ts"
import { derived } from "../support/Paper.ts"
import { type Monitors, scaledBy, seeing } from "../support/ScaledMonitors.ts"
import { firstSpike, linearNetwork } from "../support/WatchedRun.ts"

/** A monitor with the sharpness of plain steps, held against the limit `2 (1 + beta)`. */
const ofPlainSteps =
  (monitors: Monitors): Monitors =>
  (options) => {
    const { momentum = 0, ...plain } = options ?? {}
    const measure = sharpnessMeter(0)
    // a monitor of plain steps has the limit 2, and takes products in place of the gradient
    return seeing(({ gradient }) => {
      if (gradient === undefined) return {}
      const withPrevious = 1 - (measure.observe({ gradient }) ?? 1) / (1 + momentum)
      return { products: { squaredNorm: 1, withPrevious, previousSquaredNorm: 1 } }
    })(monitors)(plain)
  }

export const diagnosisOfACatapult = claim({
  id: "catapults/diagnosis-of-a-catapult",
  statement:
    "A spike of a two-layer linear network past the critical rate, with momentum or without, that is over with less than 0.85 of the curvature is called a catapult: measured by the curvature, likely by the gradients.",
  inFloatingPoint: "program",
  source: derived("diagnosis of catapults"),
  subject: spikeMonitor,
  instances: Draw.record({
    width: Draw.integer(2, 16),
    momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
    multiple: Draw.linear(1.1, 1.4),
    by: Draw.oneOf("gradient", "curvature"),
    seed: Draw.seed(),
  }),
  margin: ({ instance: { by, momentum, multiple, seed, width }, kernels, subject: monitors }) => {
    const problem = linearNetwork(width, Seed.root(seed))
    const { fall, found } = firstSpike(monitors({ momentum, divergence: 1e12, kernels }), problem, {
      momentum,
      multiple,
      steps: 400,
      show: ({ curvature, gradient }) => (by === "gradient" ? { gradient } : { curvature }),
    })
    if (found?.spike.outcome !== "closed" || fall > 0.85) return Margin.holds(true)
    return Margin.all(
      Margin.holds(found.kind === "catapult"),
      Margin.holds(found.confidence === (by === "gradient" ? "likely" : "measured")),
    )
  },
  controls: [
    { name: "the sharpness of plain steps, against the limit of momentum", subject: ofPlainSteps },
    { name: "half the curvature", subject: seeing(({ curvature }) => scaledBy(0.5, curvature)) },
  ],
})
