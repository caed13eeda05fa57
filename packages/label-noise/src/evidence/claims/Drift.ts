import { claim } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"
import { inOtherConvention } from "../support/KeptNoise.ts"
import { driftMargin, type Prediction, smallStep } from "../support/MeasuredDrift.ts"
import { recalled } from "../support/Paper.ts"
import { type Instance, instancesWith } from "../support/ReturnToMinima.ts"

const times =
  (factor: number, predict: Prediction): Prediction =>
  (...given) =>
    predict(...given).map((value) => factor * value)

export const drift = claim<Instance, Prediction>({
  id: "label-noise/drift",
  statement:
    "A step of label-noise SGD with a small learning rate moves along the minima by -eta^2 (c / 4) grad tr H on average. For half the mean squared error this is -eta^2 sigma^2 / (4 B n) grad F, and for the mean squared error four times that.",
  inFloatingPoint: "statistical",
  source: recalled("drift of label noise along the minima; constant derived here"),
  instances: instancesWith([0.2, 0.05]),
  value: smallStep,
  // what the finite-step factor 1 / (1 - x / 2) adds at most, and what differences of size 3e-4 leave
  margin: driftMargin((product) => Theory.finiteStepFactor(product) - 1 + 1e-3),
  controls: [
    { name: "half the drift", value: times(0.5, smallStep) },
    { name: "four times the drift", value: times(4, smallStep) },
    {
      name: "the other convention",
      value: (expanded, setting) => smallStep(expanded, inOtherConvention(setting)),
    },
  ],
})
