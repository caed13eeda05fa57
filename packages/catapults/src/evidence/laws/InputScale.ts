import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { isTame, problemOf, runs, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const inputScale = claim({
  id: "catapults/input-scale",
  statement:
    "On two layers, scaling inputs and labels by s and the effective step by 1 / s^2 leaves every iterate unchanged, and scales predictions by s.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("input scale")),
  subject: ours,
  instances: runs,
  value: -2,
  margin: ({ instance, kernels, subject, value: power }) => {
    const { problem } = problemOf(subject, instance, { kernels })
    const s = instance.scale
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const other = subject({
      ...problem,
      features: scaled(problem.features, s),
      targets: scaled(problem.targets, s),
      step: problem.step * Elementary.pow(s, power),
    })
    return Margin.all(
      nearVector(other.parameters, one.parameters, tolerance),
      nearVector(other.predictions, scaled(one.predictions, s), tolerance),
    )
  },
  controls: [{ name: "the step by 1 / s", value: -1 }],
})
