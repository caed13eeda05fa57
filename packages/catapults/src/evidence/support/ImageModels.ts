/** A network on images, its quadratic and its linear model: training in the samples by SGD, and predictions elsewhere. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, Schema } from "effect"
import type { NtkArchitecture } from "../../network/NtkArchitecture.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import * as Pace from "./Pace.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import type { BatchModel } from "./LinearInSamples.ts"

export const Model = Schema.Literals(["network", "quadratic model", "linear model"])
export type Model = typeof Model.Type

/** Epochs of SGD without replacement, until the loss of all samples is below the tolerance or the run is lost. */
export const train = Effect.fnUntraced(function* (
  model: BatchModel,
  rate: number,
  {
    batchSize,
    epochs,
    tolerance,
  }: { readonly batchSize: number; readonly epochs: number; readonly tolerance: number },
  seed: Seed.Seed,
) {
  const stream = RandomStream.make(seed)
  const order = Uint32Array.from({ length: model.size }, (_, i) => i)
  const first = model.evaluate()
  const most = 1e7 * Math.max(1, first)
  let largest = first
  let last = first
  const done = yield* Pace.repeat(epochs, () => {
    stream.shuffle(order)
    for (let at = 0; at + batchSize <= model.size; at += batchSize) {
      const loss = model.evaluate(order.subarray(at, at + batchSize))
      // also of NaN
      if (!(loss <= most)) {
        largest = Number.POSITIVE_INFINITY
        return false
      }
      largest = Math.max(largest, loss)
      model.move(rate)
    }
    last = model.evaluate()
    return last >= tolerance
  })
  const isLost = !(largest <= most)
  const outcome = isLost ? "diverged" : last < tolerance ? "fitted" : "budget"
  return { outcome, epochs: Math.min(epochs, done + 1), peak: largest / first }
})

/** Images at a time: a network on all of them would need much memory, and be long without a pause. */
const chunk = 100

/** The predictions of a model of the network at each of the points, image after image. */
export const predictions = Effect.fnUntraced(function* (
  model: Model,
  architecture: NtkArchitecture,
  features: Float64Array,
  start: Float64Array,
  points: ReadonlyArray<Float64Array>,
) {
  const inputs = architecture.widths[0]!
  const size = features.length / inputs
  const found = points.map(() => new Float64Array(size))
  for (let from = 0; from < size; from += chunk) {
    const to = Math.min(size, from + chunk)
    const part = features.slice(from * inputs, to * inputs)
    const network =
      model === "quadratic model"
        ? frozenGates({ architecture, features: part, at: start })
        : ntkNetwork({ architecture, features: part })
    for (const [k, point] of points.entries()) {
      yield* Effect.yieldNow
      const out = found[k]!.subarray(from, to)
      if (model !== "linear model") {
        network.predict(point, out)
        continue
      }
      const before = new Float64Array(to - from)
      network.predict(start, before)
      network.pushforward(
        point.map((value, i) => value - start[i]!),
        out,
      )
      Vector.axpy(1, before, out)
    }
  }
  return found
})
