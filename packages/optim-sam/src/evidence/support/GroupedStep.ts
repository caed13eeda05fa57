import { Draw, Margin } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { logistic } from "@nonconvex/problems/Logistic"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import * as Perturbation from "@nonconvex/problems/Perturbation"
import { sgd } from "@nonconvex/problems/Sgd"
import { grouped } from "../../methods/MSam.ts"
import { normals } from "./RandomLoss.ts"

/** A logistic regression, a start, and the size of the groups. */
export const groupedStep = Draw.record({
  dimension: Draw.integer(1, 4),
  samples: Draw.integer(2, 12),
  size: Draw.integer(1, 5),
  radius: Draw.logarithmic(1, 0.01),
  seed: Draw.seed(),
})

export type GroupedStep = Draw.Drawn<typeof groupedStep>

export const learningRate = 0.5

export const dataOf = ({ dimension, samples, seed }: GroupedStep) => ({
  features: Array.from({ length: samples }, (_, i) => normals(seed, `features ${i}`, dimension)),
  labels: [...normals(seed, "labels", samples)].map((x) => (x < 0 ? -1 : 1)),
})

/** Loss over the samples listed in `order`, in that order and with repetitions. */
export const lossOver = (
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

export const startOf = ({ dimension, seed }: GroupedStep) => normals(seed, "start", dimension)

/** The point after one step of m-SAM over the samples in `order`. */
export const step = (
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

export const range = (from: number, to: number): ReadonlyArray<number> =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)

export const groupsOf = ({ samples, size }: GroupedStep): ReadonlyArray<ReadonlyArray<number>> =>
  range(0, Math.ceil(samples / size)).map((g) => range(g * size, Math.min(samples, (g + 1) * size)))

export const agree = (found: Float64Array, expected: Float64Array): Margin.Comparison =>
  Margin.equal(Vector.distance(found, expected), 0, {
    absolute: 1e-12 * (1 + Vector.norm(expected)),
  })
