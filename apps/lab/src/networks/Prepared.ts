/** The data of a network: read, split where they are not, and scaled by what the training part looks like. */
import * as Csv from "@nonconvex/datasets/Csv"
import type * as Dataset from "@nonconvex/datasets/Dataset"
import type * as Spelling from "@nonconvex/datasets/Spelling"
import * as Split from "@nonconvex/datasets/Split"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, Path, Schema } from "effect"
import { Misfit } from "../cli/Failure.ts"

/** A CSV file needs the name of its target column. */
export class TargetMissing extends Schema.TaggedError<TargetMissing>()("TargetMissing", {
  path: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: name the target column with --target`
  }
}

/** Numbers whose squares have no finite sum. */
export class TooLarge extends Schema.TaggedError<TooLarge>()("TooLarge", {
  path: Schema.String,
  largest: Schema.Number,
}) {
  override get message(): string {
    return `${this.path}: numbers up to ${this.largest} cannot be scaled in double precision; write them in larger units`
  }
}

/** Features and targets up to this have variances in double precision. */
const scalable = 1e140

/** What decides the data; all but `name` and `seed` is about CSV files. */
export interface Source {
  /** A shipped data set, or the path of a CSV file. */
  readonly name: string
  readonly target: string | undefined
  readonly task: "classification" | "regression"
  /** How a file is written; what is left open is told by the file. */
  readonly spelling: Spelling.Options
  readonly ignore: ReadonlyArray<string>
  /** Default 0.2. */
  readonly testFraction: number | undefined
  readonly seed: number
}

/** Scaled features, and the map that scaled them. */
export type Prepared = Transform.Transformed<Dataset.Target>

/** Pixels keep their common range; columns of different units get mean 0 and deviation 1. */
const scaled = (
  data: Split.TrainTest,
  range: readonly [low: number, high: number] | undefined,
): Prepared => (range === undefined ? Transform.standardise(data) : Transform.scale01(data, range))

const fromFile = Effect.fnUntraced(function* (source: Source) {
  const { ignore, name: path, spelling, target: column, task, testFraction = 0.2 } = source
  if (column === undefined) return yield* new TargetMissing({ path })
  const target: Csv.CsvTarget<Dataset.Target> =
    task === "classification" ? Csv.labels(column) : Csv.values(column)
  const whole = yield* Csv.read(path, { target, ignore, ...spelling })
  const { features, target: found } = whole
  const largest = Math.max(
    Vector.maxAbs(features),
    found._tag === "Regression" ? Vector.maxAbs(found.values) : 0,
  )
  if (largest > scalable) return yield* new TooLarge({ path, largest })
  const seed = Seed.root(source.seed).child("split")
  return scaled(yield* Split.split(whole, { testFraction, seed }), undefined)
})

/** A path is what has a folder or an extension in it; a bare word is the name of a shipped set. */
const isPath = Effect.fnUntraced(function* (name: string) {
  const path = yield* Path.Path
  return path.extname(name) !== "" || path.basename(name) !== name
})

/** What was said of a file, and a shipped set has its own of. */
const misfit = ({ ignore, target, testFraction }: Source): Misfit | undefined => {
  const needs = "a CSV file; a shipped set has a target and a test part"
  if (target !== undefined) return new Misfit({ flag: "target", needs })
  if (ignore.length > 0) return new Misfit({ flag: "ignore", needs })
  return testFraction === undefined ? undefined : new Misfit({ flag: "test-fraction", needs })
}

/** Reads, splits and scales. Fails with what is wrong with the file, and where, and with flags that say nothing. */
export const prepare = Effect.fn("Prepared.prepare")(function* (source: Source) {
  if (yield* isPath(source.name)) return yield* fromFile(source)
  const wrong = misfit(source)
  if (wrong !== undefined) return yield* wrong
  const datasets = yield* Datasets
  const data = yield* datasets.find(source.name)
  return scaled(data, datasets.list.find(({ name }) => name === source.name)?.range)
})
