import { claim, Kind, Margin } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { isTame, problemOf, runs, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { ours } from "../support/Subject.ts"

export const permutationAndDuplication = claim({
  id: "catapults/permutation-and-duplication",
  statement:
    "The order of samples and of neurons does not matter. Duplicating every sample at half the effective step, which is the same rate for the mean loss, changes no iterate.",
  inFloatingPoint: "agreement",
  source: Kind.identity(derived("permutation and duplication")),
  subject: ours,
  instances: runs,
  value: 0.5,
  margin: ({ instance, kernels, subject, value: share }) => {
    const { problem, seed } = problemOf(subject, instance, { kernels })
    const { inputs: d, samples: n, width: m } = instance
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const neurons = RandomStream.make(seed.child("neurons")).permutation(m)
    const shuffle = (theta: Float64Array): Float64Array => {
      const out = new Float64Array(theta.length)
      neurons.forEach((from, to) => {
        out.set(theta.subarray(from * d, (from + 1) * d), to * d)
        out[m * d + to] = theta[m * d + from]!
      })
      return out
    }
    const twice = (v: Float64Array) => Float64Array.from([...v, ...v])
    const reversed = (v: Float64Array, width: number): Float64Array =>
      v.map((_, at) => v[(n - 1 - Math.floor(at / width)) * width + (at % width)]!)
    const moved = subject({ ...problem, start: shuffle(problem.start) })
    const backwards = subject({
      ...problem,
      features: reversed(problem.features, d),
      targets: reversed(problem.targets, 1),
    })
    const doubled = subject({
      ...problem,
      features: twice(problem.features),
      targets: twice(problem.targets),
      step: share * problem.step,
    })
    return Margin.all(
      nearVector(moved.parameters, shuffle(one.parameters), tolerance),
      nearVector(backwards.parameters, one.parameters, tolerance),
      nearVector(doubled.parameters, one.parameters, tolerance),
    )
  },
  controls: [{ name: "samples twice at the same step of the sum", value: 1 }],
})
