/** A network that `train` saved, on the data that it was trained on. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import type { certifyNetwork } from "@nonconvex/flat-minima/operations"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import * as Seam from "@nonconvex/numerics/Seam"
import * as Architecture from "@nonconvex/problems/network/Architecture"
import { Effect, Schema } from "effect"
import * as Json from "../files/Json.ts"
import * as Model from "./Model.ts"
import * as Prepared from "@nonconvex/datasets/Prepared"
import { SavedNetwork } from "./SavedNetwork.ts"

/** The file cannot be read, or is not a network that `train` saved. */
export class UnreadableNetwork extends Schema.TaggedError<UnreadableNetwork>()(
  "UnreadableNetwork",
  { path: Schema.String, reason: Schema.String },
) {
  override get message(): string {
    return `${this.path}: ${this.reason}; create it with nonconvex train --save`
  }
}

/** The data is not that on which the network was trained. */
export class OtherData extends Schema.TaggedError<OtherData>()("OtherData", {
  path: Schema.String,
  what: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: ${this.what}; give the data, flags and seed of its training`
  }
}

/** A network with the data that it was trained on, and the seed of the questions about it. */
export type TrainedNetwork = Omit<
  typeof certifyNetwork.input.Type,
  "lossTolerance" | "residualTolerance"
>

const decode = Json.by(SavedNetwork)

/** Reads the file. Fails with UnreadableNetwork. */
export const read = Effect.fn("TrainedNetwork.read")(function* (path: string) {
  return yield* Json.read(path, Json.ofResults, decode).pipe(
    Effect.mapError(({ of, reason }) => {
      const saved = `is not a network from this version of train (${reason})`
      return new UnreadableNetwork({ path, reason: of === "file" ? reason : saved })
    }),
  )
})

/** Data of a network with the flags of its training; by default the target and columns recorded in its file. */
export const sourceOf = Effect.fnUntraced(function* (
  { encoder = [], made, target: { _tag } }: SavedNetwork,
  source: Prepared.Source,
) {
  const target = source.target ?? made?.target
  const isOther = target === undefined || target !== made?.target
  if (isOther || encoder.length === 0 || !(yield* Prepared.isPath(source.name))) return source
  const named = (tag: (typeof encoder)[number]["_tag"]) =>
    encoder.flatMap((each) => (each._tag === tag ? [each.column] : []))
  const ofTarget = _tag === "Classification" ? "classification" : "regression"
  const columns = encoder.map(({ column }) => column)
  return {
    ...source,
    target,
    // a target that is named may have become another
    ...(source.target === undefined && { task: source.task ?? ofTarget }),
    only: new Set([...columns, target]),
    keep: columns,
    category: named("OneHot"),
    ordinal: encoder.flatMap((each) =>
      each._tag === "Ordinal" ? [{ column: each.column, words: each.order }] : [],
    ),
    testFraction: source.testFraction ?? made.testFraction,
  } satisfies Prepared.Source
})

/** Tests whether numbers in a file differ from these. */
export const differs = (a: ReadonlyArray<number>, b: Float64Array): boolean =>
  a.length !== b.length || a.some((value, i) => value !== b[i])

/** Difference between the data and the description in the file; undefined if they agree. */
const mismatch = (
  saved: SavedNetwork,
  { train, transform }: Prepared.Prepared,
  seed: number,
): string | undefined => {
  const { architecture, features, inputs, made, target } = saved
  if (features.join("\n") !== train.featureNames.join("\n")) return "it reads different features"
  if (target._tag !== train.target._tag) return "it predicts a different kind of target"
  if (architecture.widths.at(-1) !== Model.outputsOf(train.target))
    return "it has different outputs"
  if (!differs(inputs.shift, transform.shift) && !differs(inputs.scale, transform.scale)) {
    return undefined
  }
  const hint =
    made === undefined || made.seed === seed ? "" : ` (it was trained with --seed ${made.seed})`
  return `its inputs are scaled differently${hint}`
}

/** The scaled target that the network was trained on. */
const targetsOf = (target: Dataset.Target): TrainedNetwork["targets"] => {
  if (target._tag === "Classification") return target.labels
  const { scale, shift } = Standardisation.of(target.values)
  return target.values.map((value) => (value - shift) / scale)
}

/** The network with the training part of `data`. Fails with OtherData, or UnreadableNetwork. */
export const attach = Effect.fn("TrainedNetwork.attach")(function* (
  path: string,
  saved: SavedNetwork,
  data: Prepared.Prepared,
  seed: number,
): Effect.fn.Return<TrainedNetwork, OtherData | UnreadableNetwork> {
  const what = mismatch(saved, data, seed)
  if (what !== undefined) return yield* new OtherData({ path, what })
  const { features, target } = data.train
  const { widths } = saved.architecture
  const activation = widths.length === 2 ? "identity" : saved.architecture.activation
  const { dimension } = yield* Seam.attempt([InvalidInput], () =>
    Architecture.make({ widths, activation }),
  ).pipe(
    Effect.mapError(
      ({ message }) =>
        new UnreadableNetwork({ path, reason: `has an impossible shape (${message})` }),
    ),
  )
  const parameters = Float64Array.from(saved.parameters)
  if (parameters.length !== dimension) {
    return yield* new OtherData({ path, what: "it has a different number of parameters" })
  }
  const shape = { _tag: "FullyConnected", widths, activation } as const
  return { shape, parameters, features, targets: targetsOf(target), seed }
})

/** Error for a network whose loss or gradient is not finite. */
export const overflows = (path: string): UnreadableNetwork =>
  new UnreadableNetwork({ path, reason: "has a loss that overflows on these data" })
