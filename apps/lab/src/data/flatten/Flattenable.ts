/** Networks that can be flattened: one hidden layer and one output, on the data that they fit. */
import type { fit } from "@nonconvex/label-noise/operations"
import * as Elementary from "@nonconvex/numerics/Elementary"
import { Effect, type Result, Schema } from "effect"
import * as Json from "../../files/Json.ts"
import { differs, OtherData, UnreadableNetwork } from "../../networks/TrainedNetwork.ts"
import type { Prepared } from "@nonconvex/datasets/Prepared"
import { SavedNetwork } from "../../networks/SavedNetwork.ts"
import { TwoLayerFile } from "../../networks/TwoLayerFile.ts"

type NetworkInput = typeof fit.input.Type

/** The network is not one that the theory of label noise covers. */
export class NotFlattenable extends Schema.TaggedError<NotFlattenable>()("NotFlattenable", {
  path: Schema.String,
  reason: Schema.String,
  /** Next step; default: the requirements of flatten. */
  remedy: Schema.optionalKey(Schema.String),
}) {
  override get message(): string {
    const taken =
      "flatten takes a regression with one hidden layer from nonconvex train --activation cube --save, or a network from nonconvex flatten --create"
    return `${this.path}: ${this.reason}; ${this.remedy ?? taken}`
  }
}

export const SavedFile = Schema.Union([SavedNetwork, TwoLayerFile])
export type SavedFile = typeof SavedFile.Type

/** A network as `sum_j phi(theta_j . (x, 1))`, and the way back to its file. */
export interface Flattenable {
  readonly activation: NetworkInput["activation"]
  readonly neurons: number
  /** m x (d + 1): weights and bias of each neuron. */
  readonly theta: Float64Array
  /** Bias that the file adds to the sum of the neurons. */
  readonly outputBias: number
  /** Number of leading rows it was fitted to; undefined for all. */
  readonly rows: number | undefined
  readonly saved: SavedFile
  /** The same file with other neurons. */
  readonly save: (theta: Float64Array) => SavedFile
}

const isTwoLayer = Schema.is(Schema.Struct({ format: Schema.Literal(2) }))
const [asTrained, asTwoLayer] = [Json.by(SavedNetwork), Json.by(TwoLayerFile)]

const decode = (value: unknown): Result.Result<SavedFile, string> =>
  isTwoLayer(value) ? asTwoLayer(value) : asTrained(value)

/** Reasons why a network of `train` with this activation cannot be flattened. */
const refusals: Readonly<Record<string, string>> = {
  relu: "relu has no third derivative",
  square: "square is not increasing",
  identity: "with identity every network is as flat as any other",
  tanh: "the third derivative of tanh changes sign",
  sigmoid: "the third derivative of sigmoid changes sign",
  softplus: "the third derivative of softplus changes sign",
}

/** Finds the property of a saved network that violates an assumption of the theory. */
export const refusalOf = ({
  architecture,
  parameters,
  target,
}: SavedNetwork): string | undefined => {
  const { activation, widths } = architecture
  if (widths.length !== 3) return "it does not have one hidden layer"
  if (target._tag === "Classification" || widths[2] !== 1) return "it predicts classes"
  const [d, m] = [widths[0]!, widths[1]!]
  if (parameters.length !== m * (d + 2) + 1) return "it has a different number of parameters"
  return refusals[activation]
}

/** `a (w . x + b)^3` equals `(cbrt(a) (w . x + b))^3`, so a cubic neuron absorbs its output weight. */
export const ofTrain = (saved: SavedNetwork): Flattenable => {
  const [d = 0, m = 0] = saved.architecture.widths
  const { parameters } = saved
  const theta = new Float64Array(m * (d + 1))
  for (let j = 0; j < m; j++) {
    const scale = Elementary.cbrt(parameters[m * d + m + j]!)
    for (let a = 0; a < d; a++) theta[j * (d + 1) + a] = scale * parameters[j * d + a]!
    theta[j * (d + 1) + d] = scale * parameters[m * d + j]!
  }
  const outputBias = parameters.at(-1)!
  return {
    activation: { name: "cubic", slope: 0 },
    neurons: m,
    theta,
    outputBias,
    rows: undefined,
    saved,
    save: (flat) => {
      const rows = Array.from({ length: m }, (_, j) => [
        ...flat.subarray(j * (d + 1), (j + 1) * (d + 1)),
      ])
      return {
        ...saved,
        parameters: [
          ...rows.flatMap((row) => row.slice(0, d)),
          ...rows.map((row) => row[d]!),
          ...rows.map(() => 1),
          outputBias,
        ],
      }
    },
  }
}

export const ofFile = (saved: TwoLayerFile): Flattenable => ({
  activation: saved.activation,
  neurons: saved.neurons,
  theta: Float64Array.from(saved.theta),
  outputBias: 0,
  rows: saved.rows,
  saved,
  save: (theta) => ({ ...saved, theta: [...theta] }),
})

/** Reads a network. Fails with UnreadableNetwork and NotFlattenable. */
export const read = Effect.fn("Flattenable.read")(function* (path: string) {
  const saved = yield* Json.read(path, Json.ofResults, decode).pipe(
    Effect.mapError(({ of, reason }) => {
      const why =
        of === "schema"
          ? `is not a network from train or flatten (${reason})`
          : of === "text"
            ? `${reason}; give the network first, then its data`
            : reason
      return new UnreadableNetwork({ path, reason: why })
    }),
  )
  if (saved.format === 2) {
    if (saved.theta.length === saved.neurons * (saved.features.length + 1)) return ofFile(saved)
    return yield* new NotFlattenable({ path, reason: "it has a different number of parameters" })
  }
  const reason = refusalOf(saved)
  return reason === undefined ? ofTrain(saved) : yield* new NotFlattenable({ path, reason })
})

/** The scaling of the target: a value is `shift + scale * output`. */
export const targetOf = ({ saved }: Pick<Flattenable, "saved">) =>
  saved.target as { readonly scale: number; readonly shift: number }

/** First rows of the training part with a constant feature 1, n x (d + 1), and their targets. */
export const rowsOf = ({ train }: Prepared, count: number) => {
  const { dimension: d, features, target } = train
  const extended = new Float64Array(count * (d + 1)).fill(1)
  for (let i = 0; i < count; i++) {
    extended.set(features.subarray(i * d, (i + 1) * d), i * (d + 1))
  }
  const values = target._tag === "Regression" ? target.values : Float64Array.from(target.labels)
  return { features: extended, dimension: d + 1, values: values.slice(0, count) }
}

/** The network on its rows of the data. Fails with OtherData, and with NotFlattenable on more rows than a network can surely meet. */
export const attach = Effect.fn("Flattenable.attach")(function* (
  path: string,
  { activation, neurons, outputBias, rows, saved, theta }: Flattenable,
  data: Prepared,
  seed: number,
): Effect.fn.Return<NetworkInput, NotFlattenable | OtherData> {
  const { train, transform } = data
  const trainedWith = saved.format === 2 ? undefined : saved.made?.seed
  const hint =
    trainedWith === undefined || trainedWith === seed
      ? ""
      : ` (it was trained with --seed ${trainedWith})`
  const refuse = (what: string) => new OtherData({ path, what })
  if (saved.features.join("\n") !== train.featureNames.join("\n")) {
    return yield* refuse("it reads different features")
  }
  if (train.target._tag !== "Regression")
    return yield* refuse("it predicts a different kind of target")
  if (
    differs(saved.inputs.shift, transform.shift) ||
    differs(saved.inputs.scale, transform.scale)
  ) {
    return yield* refuse(`its inputs are scaled differently${hint}`)
  }
  const count = rows ?? train.samples
  if (count > train.samples) return yield* refuse("it was fitted to more rows")
  const most = train.dimension + 1
  if (rows === undefined && count > most) {
    return yield* new NotFlattenable({
      path,
      reason: `it was trained on ${count} rows of ${train.dimension} features, but the flattest network is known for at most ${most} rows (one more than features)`,
      remedy:
        "use a table with more columns than rows, or measure the flatness with nonconvex certify",
    })
  }
  const { dimension, features, values } = rowsOf(data, count)
  const { scale, shift } = targetOf({ saved })
  const labels = values.map((value) => (value - shift) / scale - outputBias)
  return { activation, features, dimension, labels, neurons, theta }
})
