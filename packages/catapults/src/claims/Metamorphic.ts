/** Metamorphic laws M1 to M6: exact, cheap, and for any implementation of gradient descent on these networks. */
import { Draw, law, Margin } from "@nonconvex/evidence"
import { Kernels, Orthogonal, RandomStream } from "@nonconvex/numerics"
import { topEigenvalue } from "../TangentKernel.ts"
import * as TwoLayer from "../TwoLayer.ts"
import { expand, type Sizes } from "./Expand.ts"
import { nearVector } from "./Near.ts"
import { derived } from "./Paper.ts"
import type { Problem, Subject } from "./Subject.ts"

interface Run extends Sizes {
  readonly kappa: number
  readonly scale: number
}

const runs = Draw.record<Run>({
  samples: Draw.integer(1, 8),
  inputs: Draw.integer(1, 6),
  width: Draw.integer(1, 24),
  kappa: Draw.linear(1, 2.2),
  scale: Draw.linear(1.5, 0.6),
  seed: Draw.seed(),
})

const steps = 12

/** Twelve steps at kappa over the top eigenvalue; gates of samples that no neuron sees leave nothing to scale by. */
const problemOf = (subject: Subject, instance: Run, hidden = 1) => {
  const { seed, ...expanded } = expand(instance, { hidden })
  const { kernel } = subject({ ...expanded, step: 1, steps: 0 })
  const top = topEigenvalue(kernel, instance.samples)
  const problem: Problem = { ...expanded, step: top > 1e-6 ? instance.kappa / top : 0, steps }
  return { problem, seed }
}

/** Runs that leave the numbers in which tolerances make sense show nothing. */
const isTame = (predictions: Float64Array): boolean => predictions.every((f) => Math.abs(f) < 1e6)

const scaled = (v: Float64Array, by: number): Float64Array => v.map((x) => x * by)

const tolerance = 1e-9

interface DeepRun extends Run {
  readonly depth: number
}

const homogeneityMargin = (
  subject: Subject,
  instance: DeepRun,
  stepPower: (depth: number) => number,
): number => {
  const { problem } = problemOf(subject, instance, instance.depth - 1)
  const { depth, scale: tau } = instance
  const one = subject(problem)
  if (!isTame(one.predictions)) return 1
  const other = subject({
    ...problem,
    start: scaled(problem.start, tau),
    targets: scaled(problem.targets, tau ** depth),
    step: problem.step * tau ** stepPower(depth),
  })
  return nearVector(other.parameters, scaled(one.parameters, tau), tolerance)
}

/** M1. */
export const homogeneity = law<Subject, DeepRun>({
  id: "catapults/homogeneity",
  statement:
    "On L layers without biases, parameters, labels and effective step scaled by tau, tau^L and tau^(2 - 2 L) scale every iterate by tau (M1).",
  source: derived("homogeneity"),
  instances: Draw.record<DeepRun>({
    samples: Draw.integer(1, 8),
    inputs: Draw.integer(1, 6),
    width: Draw.integer(1, 16),
    depth: Draw.integer(2, 4),
    kappa: Draw.linear(0.5, 1.5),
    scale: Draw.linear(1.5, 0.6),
    seed: Draw.seed(),
  }),
  margin: (subject, instance) => homogeneityMargin(subject, instance, (depth) => 2 - 2 * depth),
  controls: [
    {
      name: "the step not scaled",
      margin: (subject, instance) => homogeneityMargin(subject, instance, () => 0),
    },
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

/** M2. */
export const inputScale = law<Subject, Run>({
  id: "catapults/input-scale",
  statement:
    "On two layers, inputs and labels scaled by s and the effective step by 1 / s^2 leave every iterate, and scale predictions by s (M2).",
  source: derived("input scale"),
  instances: runs,
  margin: (subject, instance) => inputScaleMargin(subject, instance, -2),
  controls: [
    {
      name: "the step by 1 / s",
      margin: (subject, instance) => inputScaleMargin(subject, instance, -1),
    },
  ],
})

const inputScaleMargin = (subject: Subject, instance: Run, power: number): number => {
  const { problem } = problemOf(subject, instance)
  const s = instance.scale
  const one = subject(problem)
  if (!isTame(one.predictions)) return 1
  const other = subject({
    ...problem,
    features: scaled(problem.features, s),
    targets: scaled(problem.targets, s),
    step: problem.step * s ** power,
  })
  return Margin.all(
    nearVector(other.parameters, one.parameters, tolerance),
    nearVector(other.predictions, scaled(one.predictions, s), tolerance),
  )
}

const times = (a: Float64Array, q: Float64Array, d: number): Float64Array => {
  const out = new Float64Array(a.length)
  Kernels.reference().gemm(false, false, a.length / d, d, d, 1, a, q, 0, out)
  return out
}

const transposedTimes = (q: Float64Array, g: Float64Array, d: number): Float64Array => {
  const out = new Float64Array(d * d)
  Kernels.reference().gemm(true, false, d, d, d, 1, q, g, 0, out)
  return out
}

/** The first layer multiplied from the right. */
const turned = (start: Float64Array, q: Float64Array, d: number, width: number): Float64Array => {
  const out = start.slice()
  out.set(times(start.subarray(0, d * width), q, d))
  return out
}

/** M3. */
export const rotation = law<Subject, Run>({
  id: "catapults/rotation",
  statement:
    "Inputs and first layer rotated alike leave predictions and tangent kernel, and turn the AGOP with them (M3).",
  source: derived("rotation"),
  instances: runs,
  margin: (subject, instance) => rotationMargin(subject, instance, true),
  controls: [
    {
      name: "the inputs alone",
      margin: (subject, instance) => rotationMargin(subject, instance, false),
    },
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

const rotationMargin = (subject: Subject, instance: Run, both: boolean): number => {
  const { problem, seed } = problemOf(subject, instance)
  const { inputs: d, width } = instance
  const q = Orthogonal.haar(d, RandomStream.make(seed.child("rotation")))
  const one = subject(problem)
  if (!isTame(one.predictions)) return 1
  const other = subject({
    ...problem,
    features: times(problem.features, q, d),
    start: both ? turned(problem.start, q, d, width) : problem.start,
  })
  return Margin.all(
    nearVector(other.predictions, one.predictions, tolerance),
    nearVector(other.kernel, one.kernel, tolerance),
    nearVector(other.agop, times(transposedTimes(q, one.agop, d), q, d), tolerance),
  )
}

/** M4. */
export const permutation = law<Subject, Run>({
  id: "catapults/permutation-and-duplication",
  statement:
    "The order of samples and of neurons does not matter, and every sample twice at half the effective step, which is the same rate for the mean loss, changes no iterate (M4).",
  source: derived("permutation and duplication"),
  instances: runs,
  margin: (subject, instance) => permutationMargin(subject, instance, 0.5),
  controls: [
    {
      name: "samples twice at the same step of the sum",
      margin: (subject, instance) => permutationMargin(subject, instance, 1),
    },
  ],
})

const permutationMargin = (subject: Subject, instance: Run, share: number): number => {
  const { problem, seed } = problemOf(subject, instance)
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
  const twice = (v: Float64Array): Float64Array => {
    const out = new Float64Array(2 * v.length)
    out.set(v)
    out.set(v, v.length)
    return out
  }
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
}

/** M5. */
export const rebalancing = law<Subject, Run>({
  id: "catapults/layer-rebalancing",
  statement:
    "The first layer times tau and the second by tau leave every prediction, and change the tangent kernel: that of the second layer by tau^2, that of the first by tau^-2 (M5).",
  source: derived("layer rebalancing"),
  instances: runs,
  margin: (subject, instance) => {
    const { problem } = problemOf(subject, instance)
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
        second.map((part, at) => tau ** 2 * part + (one.kernel[at]! - part) / tau ** 2),
        tolerance,
      ),
    )
  },
  controls: [
    {
      name: "a kernel remembered by the predictions",
      subject: (subject) => {
        let known: { readonly first: number; readonly kernel: Float64Array } | undefined
        return (problem) => {
          const run = subject(problem)
          const first = run.predictions[0]!
          const isSame =
            known !== undefined &&
            Math.abs(known.first - first) < 1e-9 * Math.max(1, Math.abs(first))
          known = isSame ? known : { first, kernel: run.kernel }
          return {
            ...run,
            kernel: known!.kernel.length === run.kernel.length ? known!.kernel : run.kernel,
          }
        }
      },
    },
  ],
})

/** M6. */
export const labelSign = law<Subject, Run>({
  id: "catapults/label-sign",
  statement:
    "Labels and second layer negated negate the second layer and the predictions forever, and leave the first (M6).",
  source: derived("label sign"),
  instances: runs,
  margin: (subject, instance) => signMargin(subject, instance, true),
  controls: [
    {
      name: "the labels alone",
      margin: (subject, instance) => signMargin(subject, instance, false),
    },
  ],
})

const signMargin = (subject: Subject, instance: Run, both: boolean): number => {
  const { problem } = problemOf(subject, instance)
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
}
