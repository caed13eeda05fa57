import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import { problemOf, runs, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const layerRebalancing = claim({
  id: "catapults/layer-rebalancing",
  statement:
    "Multiplying the first layer by tau and dividing the second by tau leaves every prediction unchanged, but multiplies the tangent kernel of the second layer by tau^2 and that of the first by tau^-2.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("layer rebalancing")),
  subject: ours,
  instances: runs,
  margin: ({ instance, kernels, subject }) => {
    const { problem } = problemOf(subject, instance, { kernels })
    const { inputs: d, scale: tau, width: m } = instance
    const still = { ...problem, steps: 0 }
    const one = subject(still)
    const split = m * d
    const start = problem.start.map((w, i) => (i < split ? w * tau : w / tau))
    const other = subject({ ...still, start })
    const second = TwoLayer.tangentKernel({
      inputs: d,
      width: m,
      features: problem.features,
      first: problem.start.subarray(0, split),
      second: new Float64Array(m),
    })
    return Margin.all(
      nearVector(other.predictions, one.predictions, tolerance),
      nearVector(
        other.kernel,
        second.map((part, at) => tau * tau * part + (one.kernel[at]! - part) / (tau * tau)),
        tolerance,
      ),
    )
  },
  controls: [
    {
      name: "a kernel cached by the predictions",
      subject: (subject) => {
        let known: { readonly first: number; readonly kernel: Float64Array } | undefined
        return (problem) => {
          const run = subject(problem)
          const first = run.predictions[0]!
          const isSame =
            known !== undefined &&
            Math.abs(known.first - first) < 1e-9 * Math.max(1, Math.abs(first))
          if (!isSame) known = { first, kernel: run.kernel }
          const { kernel } = known!
          return { ...run, kernel: kernel.length === run.kernel.length ? kernel : run.kernel }
        }
      },
    },
  ],
})
