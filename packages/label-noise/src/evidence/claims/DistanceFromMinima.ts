import { claim, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"
import { inOtherConvention, kept, large } from "../support/KeptNoise.ts"
import { recalled } from "../support/Paper.ts"
import { expand } from "../support/RandomNetwork.ts"
import { instancesWith, settingOf, spectrumOf } from "../support/ReturnToMinima.ts"

export const distanceFromMinima = claim({
  id: "label-noise/distance-from-minima",
  statement:
    "Label noise keeps a mean squared distance of sum_i eta c / (2 - eta lambda_i) from the minima, which is of order eta.",
  inFloatingPoint: "statistical",
  source: recalled("distance of the order of sqrt(eta); constant derived here"),
  instances: instancesWith([0.3, 1.6]),
  value: Theory.fluctuation,
  margin: ({ instance, kernels, value: predict }) => {
    const expanded = expand(instance.problem, { kernels })
    const { network, theta } = expanded
    const setting = settingOf(expanded, instance)
    const kappa = Theory.gradientFactor(setting.convention)
    const square = kept(expanded, instance, (point) =>
      Elementary.square(Vector.distance(point, theta)),
    )
    const eigenvalues = Array.from(
      spectrumOf(expanded).values,
      (value) => (kappa * value) / network.size,
    )
    return Margin.equal(Math.sqrt(square), predict(setting, eigenvalues), { relative: 1e-3 })
  },
  controls: [
    {
      name: "the variance of a small step, eta c / 2",
      value: (setting, { length }) =>
        Theory.fluctuation(
          setting,
          Array.from({ length }, () => 0),
        ),
      instances: large,
    },
    {
      name: "the other convention",
      value: (setting, eigenvalues) => Theory.fluctuation(inOtherConvention(setting), eigenvalues),
      instances: large,
    },
  ],
})
