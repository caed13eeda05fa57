import { claim, Kind, Margin } from "@nonconvex/evidence"
import { isTame, problemOf, runs, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const labelSign = claim({
  id: "catapults/label-sign",
  statement:
    "Negating labels and second layer negates the second layer and the predictions at every step, and leaves the first layer unchanged.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("label sign")),
  subject: ours,
  instances: runs,
  value: true,
  margin: ({ instance, kernels, subject, value: both }) => {
    const { problem } = problemOf(subject, instance, { kernels })
    const split = instance.inputs * instance.width
    const negated = (theta: Float64Array) => theta.map((w, i) => (i < split ? w : -w))
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const other = subject({
      ...problem,
      targets: scaled(problem.targets, -1),
      start: both ? negated(problem.start) : problem.start,
    })
    return Margin.all(
      nearVector(other.parameters, negated(one.parameters), tolerance),
      nearVector(other.predictions, scaled(one.predictions, -1), tolerance),
    )
  },
  controls: [{ name: "the labels alone", value: false }],
})
