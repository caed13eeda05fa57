import { claim, type Given, Kind, Margin } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { isTame, problemOf, runs, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

const times = (a: Float64Array, q: Float64Array, d: number, { kernels }: Given): Float64Array => {
  const out = new Float64Array(a.length)
  kernels.gemm(false, false, a.length / d, d, d, 1, a, q, 0, out)
  return out
}

export const rotation = claim({
  id: "catapults/rotation",
  statement:
    "Rotating inputs and first layer together leaves predictions and tangent kernel unchanged, and rotates the AGOP.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("rotation")),
  subject: ours,
  instances: runs,
  value: true,
  margin: ({ instance, kernels, subject, value: both }) => {
    const { problem, seed } = problemOf(subject, instance, { kernels })
    const { inputs: d, width } = instance
    const q = Orthogonal.haar(d, RandomStream.make(seed.child("rotation")))
    // the first layer multiplied from the right
    const start = problem.start.slice()
    if (both) start.set(times(start.subarray(0, d * width), q, d, { kernels }))
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const other = subject({
      ...problem,
      features: times(problem.features, q, d, { kernels }),
      start,
    })
    const turned = new Float64Array(d * d)
    kernels.gemm(true, false, d, d, d, 1, q, one.agop, 0, turned)
    return Margin.all(
      nearVector(other.predictions, one.predictions, tolerance),
      nearVector(other.kernel, one.kernel, tolerance),
      nearVector(other.agop, times(turned, q, d, { kernels }), tolerance),
    )
  },
  controls: [
    { name: "the inputs alone", value: false },
    {
      name: "an optimizer that works coordinate by coordinate",
      subject: (subject) => (problem) => {
        const run = subject(problem)
        return {
          ...run,
          predictions: run.predictions.map(
            (f, i) => f + Math.abs(run.parameters[i % run.parameters.length]!),
          ),
        }
      },
    },
  ],
})
