import { claim, Kind } from "@nonconvex/evidence"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import {
  agree,
  dataOf,
  groupedStep,
  learningRate,
  lossOver,
  range,
  startOf,
  step,
} from "../support/GroupedStep.ts"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"

export const mSamOfWholeBatchIsSam = claim({
  id: "optim-sam/m-sam-of-whole-batch-is-sam",
  statement: "With groups of the size of the batch, m-SAM is SAM.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("definition of m-SAM")),
  instances: groupedStep,
  value: (samples: number) => samples,
  margin: ({ instance, kernels, value: sizeOf }) => {
    const order = range(0, instance.samples)
    const method = sam({ radius: instance.radius, base: sgd({ learningRate }) })
    const loss = lossOver(dataOf(instance), order, kernels)
    const expected = Observe.after(method, loss, startOf(instance), 1)
    return agree(step(instance, order, kernels, sizeOf(instance.samples)), expected)
  },
  controls: [
    { name: "two groups", value: (samples) => Math.ceil(samples / 2) },
    { name: "groups of one sample", value: () => 1 },
  ],
})
