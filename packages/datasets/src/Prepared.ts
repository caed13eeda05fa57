/** Data of a network: read, encoded, split if necessary, and scaled by the training set. */
import { SingleClass, BadCell, NoFeatures } from "./CsvError.ts"
import * as Dataset from "./Dataset.ts"
import * as Encoder from "./Encoder.ts"
import * as Frame from "./Frame.ts"
import type * as Spelling from "./Spelling.ts"
import * as Split from "./Split.ts"
import * as Transform from "./Transform.ts"
import * as Standardisation from "@nonconvex/numerics/Standardisation"
import { Datasets } from "./Datasets.ts"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, FileSystem, Path, Result } from "effect"
import {
  ConstantTarget,
  NoSuchData,
  TargetEmpty,
  TargetMissing,
  TooLarge,
} from "./PreparedError.ts"
import * as Affine from "./internal/Affine.ts"
import * as LearnedEncoder from "./internal/LearnedEncoder.ts"

export type { Transform } from "./internal/Affine.ts"

export type { PreparedError } from "./PreparedError.ts"

/** Features and targets up to this have variances in double precision. */
const scalable = 1e140

/**
 * Maximum number of distinct integers that are classes by default, if each is in two rows on average; two values always are.
 */
const mostClasses = 20
const leastRowsOfClass = 2

/** Default fraction of the rows of a file in the test set. */
export const usualTestFraction = 0.2

/** Specification of the data; all fields except `name` and `seed` apply to files. */
export interface Source {
  /** A shipped data set, or the path of a file. */
  readonly name: string
  readonly target: string | undefined
  /** Default: decided by the target column. */
  readonly task?: "classification" | "regression" | undefined
  /** Format of the file; by default it is detected. */
  readonly spelling: Spelling.Options
  readonly ignore: ReadonlyArray<string>
  /** The only columns that are read; default all. */
  readonly only?: ReadonlySet<string>
  readonly keep?: ReadonlyArray<string>
  readonly category?: ReadonlyArray<string>
  readonly ordinal?: ReadonlyArray<{
    readonly column: string
    readonly words: readonly [string, ...string[]]
  }>
  /** Default `usualTestFraction`. */
  readonly testFraction: number | undefined
  readonly seed: number
}

/** The rows of a file that have a target. */
interface Whole {
  readonly frame: Frame.Frame
  readonly column: Frame.Column
  readonly name: string
  /** Rows of the frame. */
  readonly rows: ReadonlyArray<number>
  /** One target per entry of `rows`. */
  readonly target: Dataset.Target
  readonly options: LearnedEncoder.LearnOptions
}

/** Places in the rows of a whole. */
interface Places {
  readonly train: ReadonlyArray<number>
  readonly test: ReadonlyArray<number>
}

/** Interpretation of the columns of a file. */
export interface OfFile {
  readonly whole: Whole
  readonly places: Places
  readonly learned: LearnedEncoder.Learned
}

/** Scaled features and the map that scaled them; for a file, also its encoding. */
export interface Prepared extends Affine.Transformed<Dataset.Target> {
  readonly file?: OfFile
}

/** Pixels keep their common range; columns with different units get mean 0 and standard deviation 1. */
const scaled = (
  data: Split.TrainTest,
  range: readonly [low: number, high: number] | undefined,
): Prepared => (range === undefined ? Transform.standardise(data) : Transform.scale01(data, range))

const isClasses = (column: Frame.Column): boolean => {
  if (column._tag === "Words") return true
  // a set holds 2^24 values at most, and a column may have more
  const values = new Set<number>()
  let there = 0
  for (const value of column.values) {
    if (Number.isNaN(value)) continue
    if (!Number.isSafeInteger(value)) return false
    there++
    if (values.size <= mostClasses) values.add(value)
  }
  return values.size <= 2 || values.size <= Math.min(mostClasses, there / leastRowsOfClass)
}

/** Classes in numerical order for numbers, and in code unit order for names. */
const classesOf = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const distinct = [...new Set(words)]
  return distinct.every((word) => Number.isSafeInteger(Number(word)))
    ? distinct.toSorted((a, b) => Number(a) - Number(b))
    : distinct.toSorted()
}

/** Targets of rows that all have one. */
const targetOf = (
  { lines, path }: Frame.Frame,
  column: Frame.Column,
  rows: ReadonlyArray<number>,
  task: Source["task"],
): Result.Result<Dataset.Target, BadCell | ConstantTarget | SingleClass> => {
  const isRegression = task === "regression" || (task === undefined && !isClasses(column))
  if (isRegression && column._tag === "Numbers") {
    const values = Float64Array.from(rows, (row) => column.values[row]!)
    const value = values[0]!
    return rows.length > 1 && values.every((each) => each === value)
      ? Result.fail(new ConstantTarget({ path, column: column.name, value }))
      : Result.succeed({ _tag: "Regression", values })
  }
  const fraction =
    column._tag === "Numbers"
      ? rows.find((row) => !Number.isSafeInteger(column.values[row]))
      : undefined
  if (fraction !== undefined) {
    const cell = Frame.word(column, fraction)!
    const place = { path, row: lines[fraction]!, column: column.name, cell }
    return Result.fail(new BadCell({ ...place, reason: "not-an-integer-class" }))
  }
  const words = rows.map((row) => Frame.word(column, row)!)
  const classes = classesOf(words)
  if (classes.length === 1) {
    return Result.fail(new SingleClass({ path, column: column.name, class: classes[0]! }))
  }
  const index = new Map(classes.map((word, c) => [word, c]))
  const labels = Int32Array.from(words, (word) => index.get(word)!)
  return Result.succeed({ _tag: "Classification", labels, classes })
}

const part = (target: Dataset.Target, rows: ReadonlyArray<number>): Dataset.Target =>
  target._tag === "Classification"
    ? { ...target, labels: Int32Array.from(rows, (row) => target.labels[row]!) }
    : { ...target, values: Float64Array.from(rows, (row) => target.values[row]!) }

/** Units of the features; indicator columns keep their zeros and ones. */
const unitsOf = (
  features: ReadonlyArray<LearnedEncoder.Feature>,
  train: Dataset.Dataset,
): Affine.Transform => {
  const scalings = features.map(({ hasUnit }, j) =>
    hasUnit ? Standardisation.of(train.features, j, train.dimension) : { shift: 0, scale: 1 },
  )
  return {
    shift: Float64Array.from(scalings, ({ shift }) => shift),
    scale: Float64Array.from(scalings, ({ scale }) => scale),
  }
}

/** Reads a file: its rows with a target, before any is encoded. Fails with TargetEmpty, and with the errors of the file. */
export const read = Effect.fn("Prepared.read")(function* (
  source: Source & { readonly target: string },
) {
  const {
    category = [],
    ignore,
    keep = [],
    name: path,
    ordinal = [],
    spelling,
    target,
    task,
  } = source
  const frame = yield* Frame.read(path, {
    ...spelling,
    ignore: ignore.filter((name) => name !== target),
    required: [target],
    words: [...category, ...ordinal.map(({ column }) => column)],
    numbers: task === "regression" ? [target] : [],
    ...(source.only && { only: source.only }),
  })
  const column = frame.columns.get(target)!
  const rows = Array.from({ length: frame.rows }, (_, i) => i).filter((i) => Frame.has(column, i))
  if (rows.length === 0) return yield* new TargetEmpty({ path, column: target })
  const found = yield* Effect.fromResult(targetOf(frame, column, rows, task))
  const { name } = (yield* Path.Path).parse(path)
  const options = {
    keep: new Set([...keep, ...category]),
    ordinal: new Map(ordinal.map(({ column: of, words }) => [of, words])),
  }
  return { frame, column, name, rows, target: found, options } satisfies Whole
})

/** First number that cannot be scaled, with its column. */
const tooLarge = (
  path: string,
  named: string,
  target: Dataset.Target,
  parts: ReadonlyArray<Dataset.Dataset>,
): TooLarge | undefined => {
  const values = target._tag === "Regression" ? Vector.maxAbs(target.values) : 0
  if (values > scalable) return new TooLarge({ path, column: named, largest: values })
  for (const { dimension, featureNames, features } of parts) {
    const largest = Vector.maxAbs(features)
    if (largest <= scalable) continue
    const at = features.findIndex((value) => Math.abs(value) === largest)
    return new TooLarge({ path, column: featureNames[at % dimension]!, largest })
  }
  return undefined
}

/** Learns the encoding and scaling of features from some of the rows, and applies it to these and the others. */
export const divided = (
  whole: Whole,
  places: Places,
): Result.Result<Prepared, BadCell | NoFeatures | TooLarge> => {
  const { column, frame, name, options, rows, target } = whole
  const { path } = frame
  const inFrame = (which: keyof Places) => places[which].map((i) => rows[i]!)
  const learning = Encoder.learn(frame, column.name, inFrame("train"), options)
  return Result.flatMap(learning, (learned): ReturnType<typeof divided> => {
    const features = Encoder.features(learned.encoder)
    if (features.length === 0) {
      return Result.fail(new NoFeatures({ path, available: [...frame.columns.keys()] }))
    }
    const datasetOf = (which: "train" | "test"): Dataset.Dataset => ({
      name,
      features: Encoder.apply(learned.encoder, frame, inFrame(which)).features,
      samples: places[which].length,
      dimension: features.length,
      featureNames: features.map((feature) => feature.name),
      target: part(target, places[which]),
      provenance: {
        source: path,
        licence: "unknown",
        notice: `data of the user, read from ${path}`,
      },
    })
    const [train, test] = [datasetOf("train"), datasetOf("test")]
    const wrong = tooLarge(path, column.name, target, [train, test])
    if (wrong !== undefined) return Result.fail(wrong)
    const transform = unitsOf(features, train)
    return Result.succeed({
      train: Affine.apply(transform, train),
      test: Affine.apply(transform, test),
      transform,
      file: { whole, places, learned },
    })
  })
}

/**
 * Uses one part of the training rows for training and another for testing; files are encoded and scaled by the first part
 * only.
 */
export const within = (
  { file, train, transform }: Prepared,
  { test, train: chosen }: Places,
): Result.Result<Prepared, BadCell | NoFeatures | TooLarge> => {
  if (file === undefined) {
    const [data, others] = [chosen, test].map((rows) => Dataset.subset(train, rows))
    return Result.succeed({ train: data!, test: others!, transform })
  }
  const inWhole = (places: ReadonlyArray<number>) => places.map((i) => file.places.train[i]!)
  return divided(file.whole, { train: inWhole(chosen), test: inWhole(test) })
}

/** Error for a table without a target, raised after the errors of its file. */
export const withoutTarget = Effect.fnUntraced(function* ({
  name: path,
  spelling,
}: Pick<Source, "name" | "spelling">) {
  const { names } = yield* Frame.headerOf(path, spelling)
  return yield* new TargetMissing({ path, available: names })
})

/** Training and test rows of a file, divided by its seed and fraction. Fails with InvalidSplit if there are too few rows. */
export const placesOf = (
  { name, rows, target }: Whole,
  { seed, testFraction = usualTestFraction }: Pick<Source, "seed" | "testFraction">,
): Result.Result<Places, Split.InvalidSplit> =>
  Split.partition(
    { name, samples: rows.length, target },
    { testFraction, seed: Seed.root(seed).child("split") },
  )

/** A name is a path if it has a folder or an extension, or exists without being a bundled set. */
export const isPath = Effect.fnUntraced(function* (name: string) {
  const path = yield* Path.Path
  if (path.extname(name) !== "" || path.basename(name) !== name) return true
  const { list } = yield* Datasets
  if (list.some((shipped) => shipped.name === name)) return false
  const fs = yield* FileSystem.FileSystem
  return yield* fs.exists(name).pipe(Effect.orElseSucceed(() => false))
})

/** A shipped set. Fails with NoSuchData, and where its files cannot be read. */
export const shipped = Effect.fnUntraced(function* (name: string) {
  const datasets = yield* Datasets
  return yield* datasets
    .find(name)
    .pipe(
      Effect.catchTag("UnknownDataset", ({ available }) =>
        Effect.fail(new NoSuchData({ name, available })),
      ),
    )
})

/** A shipped set, scaled. Fails with NoSuchData, and where its files cannot be read. */
export const ofShipped = Effect.fn("Prepared.ofShipped")(function* (name: string) {
  const data = yield* shipped(name)
  const { list } = yield* Datasets
  return scaled(data, list.find((each) => each.name === name)?.range)
})
