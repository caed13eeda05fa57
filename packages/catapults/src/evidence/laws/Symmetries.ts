/** Rotations, permutations and signs that leave a run as it is. */
import { type Given, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { runs, problemOf, isTame, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import type { Subject } from "../support/Subject.ts"

const times = (a: Float64Array, q: Float64Array, d: number, { kernels }: Given): Float64Array => {
  const out = new Float64Array(a.length)
  kernels.gemm(false, false, a.length / d, d, d, 1, a, q, 0, out)
  return out
}

export const rotation = parametrisedLaw({
  id: "catapults/rotation",
  statement:
    "Inputs and first layer rotated alike leave predictions and tangent kernel, and turn the AGOP with them.",
  source: derived("rotation"),
  instances: runs,
  margin: (subject: Subject, instance, given, both) => {
    const { problem, seed } = problemOf(subject, instance, given)
    const { inputs: d, width } = instance
    const q = Orthogonal.haar(d, RandomStream.make(seed.child("rotation")))
    // the first layer multiplied from the right
    const start = problem.start.slice()
    if (both) start.set(times(start.subarray(0, d * width), q, d, given))
    const one = subject(problem)
    if (!isTame(one.predictions)) return 1
    const other = subject({ ...problem, features: times(problem.features, q, d, given), start })
    const turned = new Float64Array(d * d)
    given.kernels.gemm(true, false, d, d, d, 1, q, one.agop, 0, turned)
    return Margin.all(
      nearVector(other.predictions, one.predictions, tolerance),
      nearVector(other.kernel, one.kernel, tolerance),
      nearVector(other.agop, times(turned, q, d, given), tolerance),
    )
  },
  holds: true,
  fails: [
    ["the inputs alone", false],
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

export const permutation = parametrisedLaw({
  id: "catapults/permutation-and-duplication",
  statement:
    "The order of samples and of neurons does not matter, and every sample twice at half the effective step, which is the same rate for the mean loss, changes no iterate.",
  source: derived("permutation and duplication"),
  instances: runs,
  margin: (subject: Subject, instance, given, share) => {
    const { problem, seed } = problemOf(subject, instance, given)
    const { inputs: d, samples: n, width: m } = instance
    const one = subject(problem)
    if (!isTame(one.predictions)) return 1
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
  holds: 0.5,
  fails: [["samples twice at the same step of the sum", 1]],
})

export const labelSign = parametrisedLaw({
  id: "catapults/label-sign",
  statement:
    "Labels and second layer negated negate the second layer and the predictions forever, and leave the first.",
  source: derived("label sign"),
  instances: runs,
  margin: (subject: Subject, instance, given, both) => {
    const { problem } = problemOf(subject, instance, given)
    const split = instance.inputs * instance.width
    const negated = (theta: Float64Array) => theta.map((w, i) => (i < split ? w : -w))
    const one = subject(problem)
    if (!isTame(one.predictions)) return 1
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
  holds: true,
  fails: [["the labels alone", false]],
})
