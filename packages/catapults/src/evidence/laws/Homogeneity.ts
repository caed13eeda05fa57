import { claim, Draw, Kind, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { sized } from "../support/Expand.ts"
import { isTame, problemOf, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const homogeneity = claim({
  id: "catapults/homogeneity",
  statement:
    "On L layers without biases, parameters, labels and effective step scaled by tau, tau^L and tau^(2 - 2 L) scale every iterate by tau.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("homogeneity")),
  subject: ours,
  instances: sized([8, 6, 16], {
    depth: Draw.integer(2, 4),
    kappa: Draw.linear(0.5, 1.5),
    scale: Draw.linear(1.5, 0.6),
  }),
  value: (depth: number) => 2 - 2 * depth,
  margin: ({ instance, kernels, subject, value: stepPower }) => {
    const { problem } = problemOf(subject, instance, { kernels }, instance.depth - 1)
    const { depth, scale: tau } = instance
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const other = subject({
      ...problem,
      start: scaled(problem.start, tau),
      targets: scaled(problem.targets, Elementary.pow(tau, depth)),
      step: problem.step * Elementary.pow(tau, stepPower(depth)),
    })
    return nearVector(other.parameters, scaled(one.parameters, tau), tolerance)
  },
  controls: [
    { name: "the step not scaled", value: () => 0 },
    {
      name: "biases of 1",
      subject: (subject) => (problem) =>
        subject({
          ...problem,
          features: problem.features.map((x, at) =>
            at % (problem.architecture.widths[0] ?? 1) === 0 ? 1 : x,
          ),
          targets: problem.targets.map((y) => y + 1),
        }),
    },
  ],
})
