import { claim, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { Geometry } from "../../geometry/Geometry.ts"
import { gaps } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { inOtherConvention, kept } from "../support/KeptNoise.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomNetwork.ts"
import { instancesWith, settingOf } from "../support/ReturnToMinima.ts"

export const noiseFloor = claim({
  id: "label-noise/noise-floor",
  statement:
    "Label noise with a small learning rate and all data in each step keeps the loss at (eta c / 4) tr H on average.",
  inFloatingPoint: "statistical",
  source: derived("stationary loss of a small step"),
  instances: instancesWith([0.2, 0.05]),
  value: Theory.noiseFloor,
  margin: ({ instance, kernels, value: predict }) => {
    const expanded = expand(instance.problem, { kernels })
    const { network, theta } = expanded
    const setting = settingOf(expanded, instance)
    const share = setting.convention === "half" ? 0.5 : 1
    const lossAt = (point: Float64Array) => {
      const off = gaps(network, point)
      return (share * Vector.dot(off, off)) / network.size
    }
    const { sharpness } = new Geometry(network).atParameters(theta)
    const expected = predict(setting, sharpness)
    const { product } = instance
    // what the finite-step factor 1 / (1 - x / 2) adds at most
    return Margin.equal(kept(expanded, instance, lossAt), expected, {
      relative: product / (2 - product) + 1e-3,
    })
  },
  controls: [
    {
      name: "the other convention",
      value: (setting, sharpness) => Theory.noiseFloor(inOtherConvention(setting), sharpness),
    },
    {
      name: "half the sharpness",
      value: (setting, sharpness) => Theory.noiseFloor(setting, sharpness / 2),
    },
  ],
})
