import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { sharpness } from "../../index.ts"
import * as Theory from "../../theory/Theory.ts"
import { distance, fitted } from "../support/Instances.ts"
import { recalled } from "../support/Paper.ts"
import { hessianAt, stationaryStep, zeroLossDirections } from "../support/ZeroLossDirections.ts"

export const labelNoiseDrift = claim({
  id: "matrix-factorization/label-noise-drift",
  statement:
    "For small learning rates the mean step of label noise in its stationary state is -(eta^2 sigma^2 / B) P grad T, P onto the directions of zero loss.",
  inFloatingPoint: "statistical",
  source: recalled("drift of label noise"),
  instances: Draw.record({
    widths: Draw.list(Draw.integer(2, 3), 3, 4),
    count: Draw.integer(1, 2),
    noise: Draw.logarithmic(0.1, 2),
    seed: Draw.seed(),
  }),
  value: 1,
  margin: ({ instance, kernels, value: factor }) => {
    const { count, noise, seed, widths } = instance
    const { measurements, objective, shape, x } = fitted({ widths, count, seed, scale: 1 }, kernels)
    const pairs = hessianAt(objective, x)
    const learningRate = 1e-6 / pairs.values.at(-1)!
    const project = zeroLossDirections(objective, x)
    const step = stationaryStep(objective, x, pairs, { learningRate, noise, batch: count })
    const slope = new Float64Array(x.length)
    sharpness(measurements, shape).valueAndGradient(x, slope)
    const drift = project(slope)
    Vector.scale(-factor * Theory.driftPerStep({ learningRate, noise, batch: count }), drift)
    return Margin.atMost(distance(project(step), drift), 1e-3)
  },
  controls: [{ name: "twice the drift", value: 2 }],
})
