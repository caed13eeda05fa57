import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { spikeMonitor } from "../../monitor/SpikeMonitor.ts"
import { normals } from "../support/Expand.ts"
import { derived } from "../support/Paper.ts"
import { scaledBy, seeing } from "../support/ScaledMonitors.ts"
import { firstSpike, quadratic } from "../support/WatchedRun.ts"

/** The step of the bad batch. */
const bad = 60

export const diagnosisOfABadBatch = claim({
  id: "catapults/diagnosis-of-a-bad-batch",
  statement:
    "A spike of a quadratic loss that one corrupt gradient makes at a rate below 0.6 of the critical one, with momentum or without, is called a data spike: measured by the curvature and by a test of the batch, likely by the gradients.",
  inFloatingPoint: "program",
  source: derived("diagnosis of bad batches"),
  subject: spikeMonitor,
  instances: Draw.record({
    dimension: Draw.integer(2, 10),
    momentum: Draw.oneOf(0, 0.3, 0.5, 0.7),
    multiple: Draw.linear(0.1, 0.6),
    /** By how many times the critical rate the bad batch moves the parameters. */
    size: Draw.logarithmic(10, 100),
    by: Draw.oneOf("gradient", "curvature", "batch test"),
    seed: Draw.seed(),
  }),
  margin: ({ instance, kernels, subject: monitors }) => {
    const { by, dimension, momentum, multiple, seed, size } = instance
    const root = Seed.root(seed)
    const noise = normals(root.child("noise"), dimension)
    Vector.normalise(noise)
    const { found } = firstSpike(monitors({ momentum, kernels }), quadratic(dimension, root), {
      momentum,
      multiple,
      steps: 1000,
      corrupt: (gradient, step) => {
        if (step === bad) Vector.axpy(size / multiple, noise, gradient)
      },
      show: ({ curvature, gradient }, step) =>
        by === "gradient"
          ? { gradient }
          : by === "curvature"
            ? { curvature }
            : step === bad + 1
              ? { batchTest: { suspicious: 10 * size, control: 1 } }
              : {},
    })
    if (found === undefined) return Margin.holds(true)
    return Margin.all(
      Margin.holds(found.spike.onset! > bad),
      Margin.holds(found.kind === "data spike"),
      Margin.holds(found.confidence === (by === "gradient" ? "likely" : "measured")),
    )
  },
  controls: [
    {
      name: "the batches of the test exchanged",
      subject: seeing(({ batchTest: test }) =>
        test === undefined
          ? {}
          : { batchTest: { suspicious: test.control, control: test.suspicious } },
      ),
    },
    {
      name: "ten times the learning rate, and a curvature that falls",
      subject: (monitors) => (options) => {
        let scale = 1
        return seeing(({ curvature, learningRate }) => {
          if (curvature !== undefined) scale *= 0.99
          return { learningRate: 10 * learningRate!, ...scaledBy(scale, curvature) }
        })(monitors)(options)
      },
    },
  ],
})
