import { claim, Kind } from "@nonconvex/evidence"
import { agree, groupedStep, range, step } from "../support/GroupedStep.ts"
import { derived } from "../support/Paper.ts"

const repetitions = 3

export const mSamDuplicationInvariance = claim({
  id: "optim-sam/m-sam-duplication-invariance",
  statement:
    "If every sample is repeated k times and the groups are k times as large, a step of m-SAM does not change.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of m-SAM")),
  instances: groupedStep,
  value: (size: number) => repetitions * size,
  margin: ({ instance, kernels, value: sizeOf }) => {
    const order = range(0, instance.samples)
    const repeated = order.flatMap((i) => Array.from({ length: repetitions }, () => i))
    return agree(
      step(instance, repeated, kernels, sizeOf(instance.size)),
      step(instance, order, kernels),
    )
  },
  controls: [{ name: "groups of the original size", value: (size) => size }],
})
