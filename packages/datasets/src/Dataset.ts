/**
 * Data set in memory: one flat row-major matrix of features and one target per row.
 *
 * Classification and regression differ only in their target, so `Dataset<Classification>` and `Dataset<Regression>` are the
 * same record with a narrower `target`; `_tag` distinguishes them.
 */
import { Effect, Schema } from "effect"

/** Class indices in `0 .. classes.length - 1`, one per row, with the class names. */
export interface Classification {
  readonly _tag: "Classification"
  readonly labels: Int32Array
  readonly classes: ReadonlyArray<string>
}

/** One real value per row, in the unit of the source. */
export interface Regression {
  readonly _tag: "Regression"
  readonly values: Float64Array
}

export type Target = Classification | Regression

/** Source of the data, and the licence under which they may be shared. */
interface Provenance {
  readonly source: string
  readonly licence: string
  /** Attribution that accompanies every copy. */
  readonly notice: string
}

/** `samples` rows of `dimension` features, row-major: feature `j` of row `i` is `features[i * dimension + j]`. */
export interface Dataset<out T extends Target = Target> {
  readonly name: string
  readonly features: Float64Array
  readonly samples: number
  readonly dimension: number
  /** One name per column; column `j` of the matrix is `featureNames[j]`. */
  readonly featureNames: ReadonlyArray<string>
  readonly target: T
  readonly provenance: Provenance
}

/** The arrays do not make a data set: a length, a label or a value is wrong. */
class InvalidDataset extends Schema.TaggedError<InvalidDataset>()("InvalidDataset", {
  name: Schema.String,
  what: Schema.String,
  expected: Schema.String,
  found: Schema.String,
}) {
  override get message(): string {
    return `data set "${this.name}": ${this.what} must be ${this.expected}, found ${this.found}`
  }
}

/** A requested row does not exist in the data set. */
class RowOutOfRange extends Schema.TaggedError<RowOutOfRange>()("RowOutOfRange", {
  name: Schema.String,
  index: Schema.Number,
  samples: Schema.Int,
}) {
  override get message(): string {
    return `data set "${this.name}" has rows 0 to ${this.samples - 1}, asked for row ${this.index}`
  }
}

/**
 * Data set over the caller's arrays, with checks: lengths agree, every feature and value is finite, every label is a class
 * index. Keeps references to the arrays. Fails with `InvalidDataset`.
 */
export const make = Effect.fn("Dataset.make")(function* <T extends Target>(
  dataset: Dataset<T>,
): Effect.fn.Return<Dataset<T>, InvalidDataset> {
  const problem = invalidity(dataset)
  if (problem !== undefined) return yield* problem
  return dataset
})

const invalidity = (dataset: Dataset): InvalidDataset | undefined => {
  const { name, features, samples, dimension, featureNames, target } = dataset
  const invalid = (what: string, expected: string, found: number | string): InvalidDataset =>
    new InvalidDataset({ name, what, expected, found: String(found) })

  if (!Number.isInteger(samples) || samples < 1) {
    return invalid("the number of samples", "a positive integer", samples)
  }
  if (!Number.isInteger(dimension) || dimension < 1) {
    return invalid("the dimension", "a positive integer", dimension)
  }
  const size = samples * dimension
  if (features.length !== size) {
    return invalid("the length of features", `${samples} x ${dimension} = ${size}`, features.length)
  }
  if (featureNames.length !== dimension) {
    return invalid("the number of feature names", String(dimension), featureNames.length)
  }
  const bad = features.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const place = `row ${Math.floor(bad / dimension)}, feature "${featureNames[bad % dimension]!}"`
    return invalid(place, "a finite number", features[bad]!)
  }
  return target._tag === "Classification"
    ? invalidLabels(target, samples, invalid)
    : invalidValues(target, samples, invalid)
}

type Invalid = (what: string, expected: string, found: number) => InvalidDataset

const invalidLabels = ({ labels, classes }: Classification, samples: number, invalid: Invalid) => {
  if (labels.length !== samples) {
    return invalid("the number of labels", String(samples), labels.length)
  }
  const bad = labels.findIndex((label) => label < 0 || label >= classes.length)
  if (bad < 0) return undefined
  return invalid(`label ${bad}`, `a class index in 0 to ${classes.length - 1}`, labels[bad]!)
}

const invalidValues = ({ values }: Regression, samples: number, invalid: Invalid) => {
  if (values.length !== samples) {
    return invalid("the number of values", String(samples), values.length)
  }
  const bad = values.findIndex((value) => !Number.isFinite(value))
  return bad < 0 ? undefined : invalid(`value ${bad}`, "a finite number", values[bad]!)
}

/** Row `i` as a view of length `dimension`; writing to it changes the data set. */
const row = (dataset: Dataset, i: number): Float64Array =>
  dataset.features.subarray(i * dataset.dimension, (i + 1) * dataset.dimension)

/**
 * Copies of the rows with these indices (0-based), in the given order; an index may occur twice, as in a bootstrap. All
 * class names are kept, even if a class has no rows left. Throws `RowOutOfRange`, which is a defect of the caller.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Dataset from "@nonconvex/datasets/Dataset"
 * import * as Csv from "@nonconvex/datasets/Csv"
 * import { Effect } from "effect"
 *
 * const text = "x,y,pet\n1,2,dog\n3,4,cat\n5,6,dog\n"
 * const toy = await Effect.runPromise(Csv.parse(text, { target: Csv.labels("pet") }))
 * const { features, target } = Dataset.subset(toy, [2, 0])
 * features // => Float64Array.of(5, 6, 1, 2)
 * target.labels // => Int32Array.of(1, 1)
 * ```
 */
export const subset = <T extends Target>(
  dataset: Dataset<T>,
  indices: ArrayLike<number>,
): Dataset<T> => {
  const { name, samples, dimension } = dataset
  const features = new Float64Array(indices.length * dimension)
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!
    if (!Number.isInteger(index) || index < 0 || index >= samples) {
      throw new RowOutOfRange({ name, index, samples })
    }
    features.set(row(dataset, index), k * dimension)
  }
  return { ...dataset, features, samples: indices.length, target: take(dataset.target, indices) }
}

const take = <T extends Target>(target: T, indices: ArrayLike<number>): T =>
  target._tag === "Classification"
    ? { ...target, labels: Int32Array.from(indices, (index) => target.labels[index]!) }
    : { ...target, values: Float64Array.from(indices, (index) => target.values[index]!) }

/**
 * The `samples x classes` matrix, row-major, with a 1 at each row's class and 0 elsewhere.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Dataset from "@nonconvex/datasets/Dataset"
 * import * as Csv from "@nonconvex/datasets/Csv"
 * import { Effect } from "effect"
 *
 * const text = "x,y,pet\n1,2,dog\n3,4,cat\n5,6,dog\n"
 * const toy = await Effect.runPromise(Csv.parse(text, { target: Csv.labels("pet") }))
 * Dataset.oneHot(toy) // => Float64Array.of(0, 1, 1, 0, 0, 1)
 * ```
 */
export const oneHot = (dataset: Dataset<Classification>): Float64Array => {
  const { labels, classes } = dataset.target
  const matrix = new Float64Array(labels.length * classes.length)
  for (let i = 0; i < labels.length; i++) matrix[i * classes.length + labels[i]!] = 1
  return matrix
}

/** Number of rows of each class, in the order of `classes`. */
export const classCounts = (dataset: Dataset<Classification>): Int32Array => {
  const counts = new Int32Array(dataset.target.classes.length)
  for (const label of dataset.target.labels) counts[label]!++
  return counts
}

const hexadecimal = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")

/** Synchronous hash of Node; other hashes wait for another thread, which takes a hundred times as long for few bytes. */
const hashInNode = globalThis.process?.getBuiltinModule?.("node:crypto").hash

/** SHA-256 of bytes, or of a text, in hexadecimal. */
export const sha256 = (content: ArrayBufferView | string): Effect.Effect<string> =>
  hashInNode === undefined
    ? Effect.promise(async () => {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content
        return hexadecimal(await crypto.subtle.digest("SHA-256", bytes))
      })
    : Effect.sync(() => hashInNode("sha256", content as NodeJS.ArrayBufferView | string))
