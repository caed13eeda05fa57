import { claim, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import { topEigenvalue } from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { instances, kernelOf, part } from "../support/BatchKernels.ts"
import { derived } from "../support/Paper.ts"

/** Rates of the batches of a partition, and their mean. */
const rates = { rate: Theory.batchCriticalRate, mean: Theory.harmonicMean }

export const batchSizeLaw = claim({
  id: "catapults/batch-size-law",
  statement:
    "The harmonic mean over an epoch of the critical rates b / lambda_max(K_B) is at most the critical rate of all samples, and does not grow when batches are split. For single samples it is n / tr K.",
  inFloatingPoint: "spectrum",
  source: derived("batch-size law"),
  instances,
  value: rates,
  margin: ({ instance, kernels, value: { mean, rate } }) => {
    const n = instance.samples
    const kernel = kernelOf(instance)
    const order = RandomStream.make(Seed.root(instance.seed).child("order")).permutation(n)
    let before = rate(n, topEigenvalue(kernel, n, kernels))
    let margin = Margin.holds(true)
    let size = n
    while (size > 1) {
      size = size % 2 === 0 ? size / 2 : 1
      const ofBatches = Array.from({ length: n / size }, (_, k) => {
        const indices = order.subarray(k * size, (k + 1) * size)
        return rate(size, topEigenvalue(part(kernel, n, indices), size, kernels))
      })
      const now = mean(ofBatches)
      margin = Margin.all(margin, Margin.atMost(now, before, 1e-9))
      before = now
    }
    let trace = 0
    for (let i = 0; i < n; i++) trace += kernel[i * n + i]!
    return Margin.all(margin, Margin.equal(before, n / trace, { relative: 1e-9 }))
  },
  controls: [
    {
      name: "the arithmetic mean",
      value: {
        ...rates,
        mean: (values) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length,
      },
    },
    { name: "the batch size dropped", value: { ...rates, rate: (_b, top) => 1 / top } },
  ],
})
