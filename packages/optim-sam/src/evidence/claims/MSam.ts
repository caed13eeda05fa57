/** m-SAM, the method of this package: groups with perturbations of their own, gradients averaged. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import { logistic } from "@nonconvex/problems/Logistic"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { sgd } from "@nonconvex/problems/Sgd"
import { grouped } from "../../methods/MSam.ts"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import { sam } from "@nonconvex/problems/Sam"
import * as Observe from "../support/Observe.ts"
import { derived } from "../support/Paper.ts"
import { normals } from "../support/RandomLoss.ts"

/** A logistic regression, a start, and the size of the groups. */
const groupedStep = Draw.record({
  dimension: Draw.integer(1, 4),
  samples: Draw.integer(2, 12),
  size: Draw.integer(1, 5),
  radius: Draw.logarithmic(1, 0.01),
  seed: Draw.seed(),
})
type GroupedStep = Draw.Drawn<typeof groupedStep>

const learningRate = 0.5

const dataOf = ({ dimension, samples, seed }: GroupedStep) => ({
  features: Array.from({ length: samples }, (_, i) => normals(seed, `features ${i}`, dimension)),
  labels: [...normals(seed, "labels", samples)].map((x) => (x < 0 ? -1 : 1)),
})

/** The loss over the samples that `order` lists, in that order and as often as it lists them. */
const lossOver = (
  { features, labels }: ReturnType<typeof dataOf>,
  order: ReadonlyArray<number>,
  kernels: Kernels,
): FiniteSum =>
  logistic({
    dimension: features[0]!.length,
    features: Float64Array.from(order.flatMap((i) => [...features[i]!])),
    labels: order.map((i) => labels[i]!),
    kernels,
  })

const startOf = ({ dimension, seed }: GroupedStep) => normals(seed, "start", dimension)

/** The point after one step of m-SAM over the samples in `order`. */
const step = (
  instance: GroupedStep,
  order: ReadonlyArray<number>,
  kernels: Kernels,
  size = instance.size,
): Float64Array => {
  const method = grouped(Perturbation.normalised(instance.radius), sgd({ learningRate }), { size })
  const batch = Minibatch.fullBatch(lossOver(dataOf(instance), order, kernels))
  const state = method.init(batch, startOf(instance))
  method.step(state)
  return state.point
}

const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

const groupsOf = ({ samples, size }: GroupedStep): ReadonlyArray<ReadonlyArray<number>> =>
  range(0, Math.ceil(samples / size)).map((g) => range(g * size, Math.min(samples, (g + 1) * size)))

const agree = (found: Float64Array, expected: Float64Array): Margin.Comparison =>
  Margin.equal(Vector.distance(found, expected), 0, {
    absolute: 1e-12 * (1 + Vector.norm(expected)),
  })

/** What the second step of m-SAM leaves: loss and gradient of the whole batch before it, and the mean loss after the ascents of the groups. */
const measures = (instance: GroupedStep, whole: FiniteSum, kernels: Kernels): Margin.Comparison => {
  const { radius, size } = instance
  const method = grouped(Perturbation.normalised(radius), sgd({ learningRate }), { size })
  const state = method.init(Minibatch.fullBatch(whole), startOf(instance))
  method.step(state)
  const before = state.point.slice()
  method.step(state)
  const gradient = new Float64Array(before.length)
  const loss = whole.valueAndGradient(before, gradient)
  const data = dataOf(instance)
  const next = before.slice()
  const climbed = groupsOf(instance).reduce((sum, group) => {
    const own = lossOver(data, group, kernels)
    const ascent = sam({ radius, base: sgd({ learningRate: 0 }) })
    const end = Observe.perturbed(ascent, own, before)
    const share = group.length / instance.samples
    Vector.axpy(-learningRate * share, Observe.gradientAt(own, end), next)
    return sum + share * Observe.lossAt(own, end)
  }, 0)
  const tolerance = { absolute: 1e-12 * (1 + loss + climbed) }
  return Margin.all(
    Margin.equal(state.loss, loss, tolerance),
    Margin.equal(state.lossAtPerturbed, climbed, tolerance),
    agree(state.gradient, gradient),
    agree(state.point, next),
    Margin.holds(state.perturbed.every(Number.isNaN) === groupsOf(instance).length > 1),
  )
}

export const groupedDefinition = claim({
  id: "optim-sam/m-sam-averages-groups",
  statement:
    "A step of m-SAM moves by the mean of the moves of SAM on each group of m samples, weighted by the number of samples.",
  inFloatingPoint: "agreement",
  source: derived("Foret, Kleiner, Mobahi, Neyshabur 2021, section 4.1 (as recalled)"),
  instances: groupedStep,
  value: (group: number, _groups: number, samples: number) => group / samples,
  /** m-SAM from its definition: a SAM step for each group, and the weighted mean of the moves. */
  margin: ({ instance, kernels, value: weight }) => {
    const data = dataOf(instance)
    const start = startOf(instance)
    const groups = groupsOf(instance)
    const expected = start.slice()
    for (const group of groups) {
      const method = sam({ radius: instance.radius, base: sgd({ learningRate }) })
      const end = Observe.after(method, lossOver(data, group, kernels), start, 1)
      const share = weight(group.length, groups.length, instance.samples)
      for (let i = 0; i < start.length; i++) expected[i]! += share * (end[i]! - start[i]!)
    }
    const all = range(0, instance.samples)
    return Margin.all(
      agree(step(instance, all, kernels), expected),
      measures(instance, lossOver(data, all, kernels), kernels),
    )
  },
  controls: [
    { name: "the sum over groups", value: () => 1 },
    { name: "equal weights for unequal groups", value: (_, groups) => 1 / groups },
  ],
})

const shuffled = (items: ReadonlyArray<number>, stream: RandomStream.RandomStream) => {
  const copy = [...items]
  stream.shuffle(copy)
  return copy
}

const streamOf = ({ seed }: GroupedStep) => RandomStream.make(Seed.root(seed).child("order"))

/** Permutes the full groups, and the samples in each; a short last group stays last. */
const withinGroups = (instance: GroupedStep): ReadonlyArray<number> => {
  const stream = streamOf(instance)
  const groups = groupsOf(instance).map((group) => shuffled(group, stream))
  const full = groups.filter((group) => group.length === instance.size)
  const short = groups.filter((group) => group.length < instance.size)
  return [...shuffled(range(0, full.length), stream).flatMap((g) => full[g]!), ...short.flat()]
}

export const groupedPermutation = claim({
  id: "optim-sam/m-sam-permutation-invariance",
  statement:
    "Neither the order of the samples in a group nor the order of the groups changes a step of m-SAM.",
  inFloatingPoint: "agreement",
  source: derived("definition of m-SAM"),
  instances: groupedStep,
  value: withinGroups,
  margin: ({ instance, kernels, value: permute }) =>
    agree(
      step(instance, permute(instance), kernels),
      step(instance, range(0, instance.samples), kernels),
    ),
  controls: [
    {
      name: "a permutation across groups",
      value: (instance) => shuffled(range(0, instance.samples), streamOf(instance)),
    },
  ],
})

const repetitions = 3

export const groupedDuplication = claim({
  id: "optim-sam/m-sam-duplication-invariance",
  statement:
    "Where every sample is taken k times and the groups are k times as large, a step of m-SAM does not change.",
  inFloatingPoint: "agreement",
  source: derived("definition of m-SAM"),
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
  controls: [{ name: "groups of the old size", value: (size) => size }],
})

export const groupedWhole = claim({
  id: "optim-sam/m-sam-of-whole-batch-is-sam",
  statement: "With groups of the size of the batch, m-SAM is SAM.",
  inFloatingPoint: "agreement",
  source: derived("definition of m-SAM"),
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
