/** A network on images, its quadratic and its linear model: training in the samples by SGD, and predictions elsewhere. */
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Schema } from "effect"
import { isLost } from "../../descent/RunDiverged.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { frozenGates } from "../../network/QuadraticModel.ts"
import type { BatchModel, LinearOptions } from "./LinearInSamples.ts"

export const Model = Schema.Literals(["network", "quadratic model", "linear model"])
export type Model = typeof Model.Type

/** Epochs of SGD without replacement, until the loss of all samples is below the tolerance or the run is lost. */
export const train = (
  model: BatchModel,
  rate: number,
  { batchSize, epochs, tolerance }: Readonly<Record<"batchSize" | "epochs" | "tolerance", number>>,
  seed: Seed.Seed,
) => {
  const sampler = Sampler.make(model.size, { rule: "epochs", batch: batchSize, seed })
  const batches = Math.floor(model.size / batchSize)
  const first = model.evaluate()
  let largest = first

  for (let done = 1; done <= epochs; done++) {
    for (let k = 0; k < batches; k++) {
      const loss = model.evaluate(Sampler.next(sampler))
      if (isLost(loss, first)) return { outcome: "diverged", epochs: done, peak: Infinity }
      largest = Math.max(largest, loss)
      model.move(rate)
    }
    if (model.evaluate() < tolerance) {
      return { outcome: "fitted", epochs: done, peak: largest / first }
    }
  }
  return { outcome: "budget", epochs, peak: largest / first }
}

/** Images per pass, to limit memory. */
const chunk = 100

/** The predictions of a model of the network at each of the points, image after image. */
export const predictions = (
  model: Model,
  { architecture, features, kernels, start }: Omit<LinearOptions, "loss">,
  points: ReadonlyArray<Float64Array>,
): ReadonlyArray<Float64Array> => {
  const inputs = architecture.widths[0]!
  const size = features.length / inputs
  const found = points.map(() => new Float64Array(size))
  for (let from = 0; from < size; from += chunk) {
    const to = Math.min(size, from + chunk)
    const part = features.slice(from * inputs, to * inputs)
    const network =
      model === "quadratic model"
        ? frozenGates({ architecture, features: part, at: start, kernels })
        : ntkNetwork({ architecture, features: part, kernels })
    points.forEach((point, k) => {
      const out = found[k]!.subarray(from, to)
      if (model !== "linear model") {
        network.predict(point, out)
        return
      }
      const before = new Float64Array(to - from)
      network.predict(start, before)
      network.pushforward(
        point.map((value, i) => value - start[i]!),
        out,
      )
      Vector.axpy(1, before, out)
    })
  }
  return found
}
