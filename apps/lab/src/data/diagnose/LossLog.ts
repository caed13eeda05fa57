/** Logs of losses as CSV, with columns by name. */
import type { FileError } from "@nonconvex/datasets/FileError"
import * as Table from "@nonconvex/datasets/Table"
import { Effect, type FileSystem, Schema } from "effect"

/** The steps of a log do not increase by the same number from row to row. */
export class BadSteps extends Schema.TaggedError<BadSteps>()("BadSteps", {
  path: Schema.String,
  /** Of the rows with data, from 1. */
  entry: Schema.Int,
  step: Schema.Number,
  previous: Schema.Number,
  stride: Schema.Number,
}) {
  override get message(): string {
    const place = `${this.path}: entry ${this.entry}: step ${this.step} follows step ${this.previous}`
    return this.step > this.previous
      ? `${place}, where the steps before are ${this.stride} apart: fill the gap, or diagnose the parts on their own`
      : `${place}: sort the log by step, and keep one entry a step`
  }
}

/** Gradient products are between one step and the next, and the log has not all of them. */
export class MissingSteps extends Schema.TaggedError<MissingSteps>()("MissingSteps", {
  path: Schema.String,
  stride: Schema.Number,
}) {
  override get message(): string {
    return `${this.path}: its steps are ${this.stride} apart, and products of gradients need every step: log every step, or leave out --squared-norm and --product`
  }
}

/** A loss, a rate or a squared norm below 0. */
export class NegativeValue extends Schema.TaggedError<NegativeValue>()("NegativeValue", {
  path: Schema.String,
  /** Of the rows with data, from 1. */
  entry: Schema.Int,
  column: Schema.String,
  value: Schema.Number,
  flag: Schema.String,
}) {
  override get message(): string {
    const next =
      this.flag === flagOf.loss
        ? "a spike is a multiple of the lowest loss: add a constant that keeps the losses above 0"
        : `name another column with ${this.flag}, or leave it out`
    return `${this.path}: entry ${this.entry}, column "${this.column}": ${this.value} is negative; ${next}`
  }
}

/** A column that a log needs is not there. */
export class NoColumn extends Schema.TaggedError<NoColumn>()("NoColumn", {
  path: Schema.String,
  column: Schema.String,
  flag: Schema.String,
  available: Schema.Array(Schema.String),
}) {
  override get message(): string {
    const header = this.available.map((name) => JSON.stringify(name)).join(", ")
    return this.available.length === 1
      ? `${this.path}: the header has ${header} alone, and a log has a column of the steps and one of the losses: add what is missing, or say with --delimiter what is between`
      : `${this.path}: no column "${this.column}"; the header has ${header}: say with ${this.flag} which it is`
  }
}

/** One column is named as two things. */
export class SameColumn extends Schema.TaggedError<SameColumn>()("SameColumn", {
  path: Schema.String,
  column: Schema.String,
  flags: Schema.Array(Schema.String),
}) {
  override get message(): string {
    return `${this.path}: column "${this.column}" cannot be both ${this.flags.join(" and ")}: each needs a column of its own`
  }
}

/** The names of the columns; those that are absent are not read. */
export interface Names {
  readonly step: string
  readonly loss: string
  readonly rate: string | undefined
  readonly squaredNorm: string | undefined
  readonly product: string | undefined
}

/** The numbers of a log, one a step in each column that was named; NaN where the last row of the file says so. */
export interface LossLog {
  readonly steps: Float64Array
  readonly losses: Float64Array
  readonly learningRates?: Float64Array
  readonly squaredNorms?: Float64Array
  readonly products?: Float64Array
}

const flagOf = {
  step: "--step",
  loss: "--loss",
  rate: "--rate",
  squaredNorm: "--squared-norm",
  product: "--product",
} as const

type Key = keyof typeof flagOf

const columnsOf = (names: Names) =>
  (["step", "rate", "squaredNorm", "product", "loss"] as const).flatMap((key) => {
    const column = names[key]
    return column === undefined ? [] : [{ key, column, flag: flagOf[key] }]
  })

/** Two flags that name one column. */
const shared = (path: string, names: Names): SameColumn | undefined => {
  const all = columnsOf(names)
  const twice = all.find(({ column }, k) => all.findIndex((other) => other.column === column) < k)
  if (twice === undefined) return undefined
  const flags = (Object.keys(flagOf) as ReadonlyArray<Key>)
    .filter((key) => names[key] === twice.column)
    .map((key) => flagOf[key])
  return new SameColumn({ path, column: twice.column, flags })
}

const readTable = Effect.fnUntraced(function* (
  path: string,
  names: Names,
  spelling: Table.Options,
) {
  const all = columnsOf(names)
  const columns = all.map(({ column }) => column)
  // a run that ends in NaN is what there is to diagnose
  const mayEnd = columns.filter((column) => column !== names.step)
  const table = yield* Table.readColumns(path, { ...spelling, columns, mayEnd }).pipe(
    Effect.catchTag("MissingColumn", ({ available, column }) => {
      const { flag } = all.find((each) => each.column === column)!
      return Effect.fail(new NoColumn({ path, column, flag, available }))
    }),
  )
  const numbers = (key: Key): Float64Array | undefined => {
    const j = all.findIndex((each) => each.key === key)
    if (j < 0) return undefined
    return Float64Array.from({ length: table.rows }, (_, k) => table.values[k * all.length + j]!)
  }
  const [learningRates, squaredNorms] = [numbers("rate"), numbers("squaredNorm")]
  const products = numbers("product")
  return {
    steps: numbers("step")!,
    losses: numbers("loss")!,
    ...(learningRates && { learningRates }),
    ...(squaredNorms && { squaredNorms }),
    ...(products && { products }),
  }
})

/** The first value below 0 in a column where there is none. */
const negative = (path: string, log: LossLog, names: Names): NegativeValue | undefined => {
  const columns = [
    ["loss", log.losses],
    ["rate", log.learningRates],
    ["squaredNorm", log.squaredNorms],
  ] as const
  for (let k = 0; k < log.steps.length; k++) {
    for (const [key, values] of columns) {
      const value = values?.[k] ?? 0
      if (value >= 0 || Number.isNaN(value)) continue
      return new NegativeValue({
        path,
        entry: k + 1,
        column: names[key]!,
        value,
        flag: flagOf[key],
      })
    }
  }
  return undefined
}

/** Whether two steps are `stride` apart, up to the rounding of decimal numbers. */
const isApart = (previous: number, step: number, stride: number): boolean =>
  Math.abs(step - previous - stride) <=
  4 * Number.EPSILON * Math.max(Math.abs(step), Math.abs(previous))

/**
 * Reads a log. Fails with the errors of `CsvError`, with `NoColumn` and `SameColumn` on columns that are not there or named twice, with
 * `NegativeValue`, with `BadSteps` on steps that do not increase evenly, and with `MissingSteps` on products of gradients between
 * steps that are not there.
 */
export const read = Effect.fn("LossLog.read")(function* (
  path: string,
  names: Names,
  spelling: Table.Options,
): Effect.fn.Return<
  LossLog,
  | BadSteps
  | MissingSteps
  | NegativeValue
  | NoColumn
  | SameColumn
  | FileError
  | Exclude<Table.ContentError, { readonly _tag: "MissingColumn" }>,
  FileSystem.FileSystem
> {
  const twice = shared(path, names)
  if (twice !== undefined) return yield* twice
  const log = yield* readTable(path, names, spelling)
  const bad = negative(path, log, names)
  if (bad !== undefined) return yield* bad
  const { products, squaredNorms, steps } = log
  const first = steps[0] ?? 0
  const stride = (steps[1] ?? 1) - first
  for (let k = 1; k < steps.length; k++) {
    const [previous, step] = [steps[k - 1]!, steps[k]!]
    if (!(step > previous && isApart(previous, step, stride))) {
      return yield* new BadSteps({ path, entry: k + 1, step, previous, stride })
    }
  }
  const hasProducts = Number.isFinite(squaredNorms?.[0]) && Number.isFinite(products?.[0])
  if (hasProducts && !isApart(first, first + stride, 1)) {
    return yield* new MissingSteps({ path, stride })
  }
  return log
})
