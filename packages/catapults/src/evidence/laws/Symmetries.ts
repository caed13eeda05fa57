/** Rotations, permutations and signs that leave a run as it is, and what scales with the inputs, the layers and the loss. */
import { claim, Draw, type Given, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { descentOf } from "../../descent/Descent.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { meanSquared } from "../../network/OutputLoss.ts"
import * as TwoLayer from "../../theory/TwoLayer.ts"
import * as Theory from "../../theory/index.ts"
import { expand, sized } from "../support/Expand.ts"
import { isTame, problemOf, runs, scaled, tolerance } from "../support/MetamorphicRun.ts"
import { nearVector } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { follow, ours } from "../support/Subject.ts"

const times = (a: Float64Array, q: Float64Array, d: number, { kernels }: Given): Float64Array => {
  const out = new Float64Array(a.length)
  kernels.gemm(false, false, a.length / d, d, d, 1, a, q, 0, out)
  return out
}

export const rotation = claim({
  id: "catapults/rotation",
  statement:
    "Inputs and first layer rotated alike leave predictions and tangent kernel, and turn the AGOP with them.",
  inFloatingPoint: "agreement",
  source: derived("rotation"),
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

export const permutation = claim({
  id: "catapults/permutation-and-duplication",
  statement:
    "The order of samples and of neurons does not matter, and every sample twice at half the effective step, which is the same rate for the mean loss, changes no iterate.",
  inFloatingPoint: "agreement",
  source: derived("permutation and duplication"),
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

export const labelSign = claim({
  id: "catapults/label-sign",
  statement:
    "Labels and second layer negated negate the second layer and the predictions forever, and leave the first.",
  inFloatingPoint: "agreement",
  source: derived("label sign"),
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

export const homogeneity = claim({
  id: "catapults/homogeneity",
  statement:
    "On L layers without biases, parameters, labels and effective step scaled by tau, tau^L and tau^(2 - 2 L) scale every iterate by tau.",
  inFloatingPoint: "agreement",
  source: derived("homogeneity"),
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

export const inputScale = claim({
  id: "catapults/input-scale",
  statement:
    "On two layers, inputs and labels scaled by s and the effective step by 1 / s^2 leave every iterate, and scale predictions by s.",
  inFloatingPoint: "agreement",
  source: derived("input scale"),
  subject: ours,
  instances: runs,
  value: -2,
  margin: ({ instance, kernels, subject, value: power }) => {
    const { problem } = problemOf(subject, instance, { kernels })
    const s = instance.scale
    const one = subject(problem)
    if (!isTame(one.predictions)) return Margin.holds(true)
    const other = subject({
      ...problem,
      features: scaled(problem.features, s),
      targets: scaled(problem.targets, s),
      step: problem.step * Elementary.pow(s, power),
    })
    return Margin.all(
      nearVector(other.parameters, one.parameters, tolerance),
      nearVector(other.predictions, scaled(one.predictions, s), tolerance),
    )
  },
  controls: [{ name: "the step by 1 / s", value: -1 }],
})

export const rebalancing = claim({
  id: "catapults/layer-rebalancing",
  statement:
    "The first layer times tau and the second by tau leave every prediction, and change the tangent kernel: that of the second layer by tau^2, that of the first by tau^-2.",
  inFloatingPoint: "agreement",
  source: derived("layer rebalancing"),
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
      name: "a kernel remembered by the predictions",
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

export const lossNormalisation = claim({
  id: "catapults/loss-normalisation",
  statement:
    "Losses c |r|^2 and c' |r|^2 with the learning rates eta and eta c / c' have the same trajectory: only e = 2 c eta matters.",
  inFloatingPoint: "agreement",
  source: derived("loss normalisation"),
  subject: ours,
  instances: Draw.record({
    samples: Draw.integer(2, 8),
    inputs: Draw.integer(1, 8),
    width: Draw.integer(1, 32),
    rate: Draw.linear(0.1, 0.5),
    seed: Draw.seed(),
  }),
  value: Theory.effectiveStep,
  margin: ({ instance, kernels, subject, value: effective }) => {
    const { rate, samples } = instance
    const problem = expand(instance, kernels)
    const step = effective(Theory.meanFactor(samples), rate)
    const { parameters } = subject({ ...problem, steps: 5, step })
    const descent = descentOf(ntkNetwork(problem), meanSquared(problem.targets), problem.start)
    return nearVector(parameters, follow(descent, 5, rate).parameters, 1e-11)
  },
  controls: [
    { name: "the learning rate taken for the effective step", value: (_c, rate) => rate },
    { name: "the factor 2 dropped", value: (c, rate) => c * rate },
  ],
})
