/** A fresh two-layer network, fitted to the first rows of the data: something to flatten. */
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import { fit, system } from "@nonconvex/label-noise/operations"
import { operate } from "@nonconvex/runner/Operations"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect } from "effect"
import { OtherData } from "../../networks/TrainedNetwork.ts"
import { Misfit, reported } from "../../cli/Failure.ts"
import type { Prepared } from "@nonconvex/datasets/Prepared"
import { rowsOf } from "./Flattenable.ts"
import type { TwoLayerFile } from "../../networks/TwoLayerFile.ts"

export interface CreateOptions {
  readonly activation: TwoLayerFile["activation"]
  readonly neurons: number
  /** Number of training rows used, from the first on; by default as many as can be independent. */
  readonly rows: number | undefined
  readonly seed: number
}

/** Standard deviation of the weights at the start, times the root of the number of inputs. */
const deviation = 0.5

/** Draws a network and fits it. Fails with OtherData, Misfit on too many rows, and with what `fit` fails with. */
export const create = Effect.fn("Flatten.create")(function* (
  path: string,
  data: Prepared,
  { activation, neurons, rows, seed }: CreateOptions,
  onProgress: (progress: typeof fit.progress.Type) => void,
) {
  const { train, transform } = data
  if (train.target._tag !== "Regression") {
    return yield* new OtherData({ path, what: "the target must be a number" })
  }
  const most = train.dimension + 1
  if (rows !== undefined && rows > most) {
    const needs = `at most the number of features plus one, here ${most}: more rows are linearly dependent`
    return yield* new Misfit({ flag: "rows", needs })
  }
  const count = Math.min(rows ?? most, train.samples)
  const { dimension, features, values } = rowsOf(data, count)
  const { scale, shift } = Standardisation.of(values)
  const start = new Float64Array(neurons * dimension)
  RandomStream.make(Seed.root(seed).child("flatten")).fillNormal(start)
  Vector.scale(deviation / Math.sqrt(dimension), start)
  const labels = values.map((value) => (value - shift) / scale)
  const network = { activation, features, dimension, labels, neurons, theta: start }
  const theta = yield* operate(system, fit, network, onProgress)
  return {
    format: 2,
    data: train.name,
    rows: count,
    activation,
    neurons,
    theta: [...theta],
    features: train.featureNames,
    inputs: { shift: [...transform.shift], scale: [...transform.scale] },
    target: { shift, scale },
  } satisfies TwoLayerFile
}, reported)
