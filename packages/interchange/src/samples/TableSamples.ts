/** Samples from tables and from the bundled data sets, with their numbers unchanged. */
import { listOf, quote } from "@nonconvex/datasets/Quote"
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as Dataset from "@nonconvex/datasets/Dataset"
import * as Frame from "@nonconvex/datasets/Frame"
import { Effect, type FileSystem } from "effect"
import * as Prepared from "@nonconvex/datasets/Prepared"
import { UnfitData } from "./UnfitData.ts"
import { mostNumbers, type Samples, type Targets } from "./Samples.ts"

type Asked = Pick<Prepared.Source, "ignore" | "name" | "spelling" | "target" | "task"> & {
  readonly rows: number | undefined
  /** True to accept a table without a target; default false. */
  readonly isTargetOptional?: boolean
  /** Columns that are kept unchanged and are not features; default none. */
  readonly verbatim?: ReadonlyArray<string>
}

/** Errors of samples from a table or a bundled data set. */
type ReadError = UnfitData | Prepared.PreparedError

const targetsOf = (column: Frame.Column, count: number): Targets =>
  column._tag === "Numbers"
    ? { _tag: "Numbers", values: column.values.slice(0, count), width: 1 }
    : { _tag: "Words", words: Array.from({ length: count }, (_, i) => Frame.word(column, i)!) }

/**
 * Samples of a table: each column except the target is a feature, in the order of the file. Fails if a feature has words or
 * gaps.
 */
export const ofTable: (asked: Asked) => Effect.Effect<Samples, ReadError, FileSystem.FileSystem> =
  Effect.fn("TableSamples.ofTable")(function* ({
    ignore,
    isTargetOptional = false,
    name: path,
    rows,
    spelling,
    target,
    verbatim = [],
  }: Asked) {
    if (target === undefined && !isTargetOptional)
      return yield* Prepared.withoutTarget({ name: path, spelling })
    const required = target === undefined ? [] : [target]
    const frame = yield* Frame.read(path, {
      ...spelling,
      ignore: [...ignore, ...verbatim].filter((name) => name !== target),
      required: [...required, ...verbatim],
      verbatim,
    })
    const columns = [...frame.columns.values()].filter(({ name }) => name !== target)
    const words = columns.filter(({ _tag }) => _tag === "Words")
    const refuse = (reason: string, remedy: string) => new UnfitData({ path, reason, remedy })
    if (words.length > 0) {
      return yield* refuse(
        `columns of words: ${listOf(words.map(({ name }) => name))}`,
        `a network from another program reads numbers only: encode the words as in its training, or exclude them with --ignore${target === undefined ? " (the target with --target)" : ""}`,
      )
    }
    const count = Math.min(frame.rows, rows ?? frame.rows)
    const width = columns.length
    if (count * width > mostNumbers) {
      return yield* refuse(
        `it has ${count * width} numbers; the limit is ${mostNumbers}`,
        "use fewer, with --rows",
      )
    }
    const values = new Float64Array(count * width)
    for (const [j, column] of columns.entries()) {
      if (column._tag !== "Numbers") continue
      for (let i = 0; i < count; i++) {
        const value = column.values[i]!
        if (Number.isNaN(value)) {
          return yield* refuse(
            `row ${frame.lines[i]}, column ${quote(column.name)}: the number is missing`,
            "fill it in as in the training, or omit the row",
          )
        }
        values[i * width + j] = value
      }
    }
    const of = target === undefined ? undefined : frame.columns.get(target)!
    const hole = Array.from({ length: count }, (_, i) => i).find((i) => of && !Frame.has(of, i))
    if (hole !== undefined) {
      return yield* refuse(
        `row ${frame.lines[hole]}, column ${quote(target!)}: the target is missing`,
        "omit the row",
      )
    }
    const targets = of && targetsOf(of, count)
    return {
      path,
      count,
      shape: [width],
      channels: undefined,
      values,
      names: columns.map(({ name }) => name),
      targets,
      table: {
        lines: frame.lines.slice(0, count),
        verbatim: frame.verbatim,
        format: frame.spelling.format,
      },
      notes: [],
    } satisfies Samples
  })

/** Training part, or test part, of a bundled data set; pixels are scaled to 0 to 1. */
export const ofShipped: (
  name: string,
  rows: number | undefined,
  part?: "train" | "test",
) => Effect.Effect<Samples, ReadError, Datasets> = Effect.fn("TableSamples.ofShipped")(function* (
  name: string,
  rows: number | undefined,
  part: "train" | "test" = "train",
) {
  const { [part]: chosen } = yield* Prepared.shipped(name)
  const { list } = yield* Datasets
  const range = list.find((each) => each.name === name)?.range
  const count = Math.min(chosen.samples, rows ?? chosen.samples)
  const { dimension, featureNames, features, target } = Dataset.subset(
    chosen,
    Array.from({ length: count }, (_, i) => i),
  )
  const [low, high] = range ?? [0, 1]
  return {
    path: name,
    count,
    shape: [dimension],
    channels: undefined,
    values: features.map((value) => (value - low) / (high - low)),
    names: featureNames,
    targets: {
      _tag: "Numbers",
      values: target._tag === "Classification" ? Float64Array.from(target.labels) : target.values,
      width: 1,
    },
    notes: range === undefined ? [] : [`pixels are scaled from ${low}..${high} to 0..1`],
  } satisfies Samples
})
