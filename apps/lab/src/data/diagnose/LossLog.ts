/** A log of losses from a CSV file: one row a step, in order, without gaps. */
import * as Csv from "@nonconvex/datasets/Csv"
import * as CsvGrid from "@nonconvex/datasets/CsvGrid"
import { BadCell, type CsvError } from "@nonconvex/datasets/CsvError"
import { fromPlatformError } from "@nonconvex/datasets/FileError"
import { Effect, FileSystem, type Path, Schema } from "effect"

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
  delimiter: Schema.String,
}) {
  override get message(): string {
    const header = this.available.map((name) => JSON.stringify(name)).join(", ")
    return this.available.length === 1
      ? `${this.path}: the header has ${header} alone, and a log has a column of the steps and one of the losses, with ${JSON.stringify(this.delimiter)} between: add what is missing, or say with --delimiter what is between`
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
export interface Columns {
  readonly step: string
  readonly loss: string
  readonly rate: string | undefined
  readonly squaredNorm: string | undefined
  readonly product: string | undefined
}

export interface Entry {
  readonly step: number
  /** NaN where the last row of the file says so. */
  readonly loss: number
  readonly rate?: number
  readonly products?: { readonly squaredNorm: number; readonly withPrevious: number }
}

const flagOf = {
  step: "--step",
  loss: "--loss",
  rate: "--rate",
  squaredNorm: "--squared-norm",
  product: "--product",
} as const

const named = (columns: Columns) =>
  Object.entries(flagOf).flatMap(([key, flag]) => {
    const column = columns[key as keyof Columns]
    return column === undefined ? [] : [{ column, flag }]
  })

/** Two flags that name one column. */
const shared = (path: string, columns: Columns): SameColumn | undefined => {
  const all = named(columns)
  const twice = all.find(({ column }, k) => all.findIndex((other) => other.column === column) < k)
  if (twice === undefined) return undefined
  const flags = all.filter(({ column }) => column === twice.column).map(({ flag }) => flag)
  return new SameColumn({ path, column: twice.column, flags })
}

const lineEnd = /\r\n|\n|\r/

const parse = (path: string, text: string, columns: Columns, delimiter: Csv.Delimiter) => {
  const features = [columns.step, columns.rate, columns.squaredNorm, columns.product].flatMap(
    (name) => name ?? [],
  )
  const target = Csv.values(columns.loss)
  return Csv.parse(text, { path, features, target, delimiter }).pipe(
    Effect.catchTag("MissingColumn", ({ available, column }) => {
      const { flag } = named(columns).find((each) => each.column === column)!
      return Effect.fail(new NoColumn({ path, column, flag, available, delimiter }))
    }),
  )
}

/** The numbers of a row by column, NaN where the last row has none. */
type Cells = (name: string | undefined) => number | undefined

const entryOf = (cells: Cells, columns: Columns): Entry => {
  const rate = cells(columns.rate)
  const squaredNorm = cells(columns.squaredNorm)
  const withPrevious = cells(columns.product)
  const hasProducts = Number.isFinite(squaredNorm) && Number.isFinite(withPrevious)
  return {
    step: cells(columns.step)!,
    loss: cells(columns.loss)!,
    ...(rate === undefined || Number.isNaN(rate) ? {} : { rate }),
    ...(hasProducts
      ? { products: { squaredNorm: squaredNorm!, withPrevious: withPrevious! } }
      : {}),
  }
}

const numberless = /^[+-]?(nan|inf(inity)?)$/i

/** A run that ends in NaN is what there is to diagnose: the last row may say so in all but its step, and no other row. */
const parseToTheEnd = Effect.fnUntraced(function* (
  path: string,
  columns: Columns,
  delimiter: Csv.Delimiter,
) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(Effect.mapError(fromPlatformError(path)))
  return yield* parse(path, text, columns, delimiter).pipe(
    Effect.map((data) => ({ data, end: undefined })),
    Effect.catchTag(
      "BadCell",
      Effect.fnUntraced(function* (error) {
        const records = yield* CsvGrid.read(path, { delimiter })
        const last = records.at(-1)!
        if (error.row !== last.row) return yield* error
        const header = records[0]!.cells
        const values = new Map<string, number>()
        for (const { column } of named(columns)) {
          const cell = last.cells[header.indexOf(column)]!
          const found = CsvGrid.number(cell)
          const isEnd = column !== columns.step && numberless.test(cell)
          if (typeof found !== "number" && !isEnd) {
            return yield* new BadCell({ path, row: last.row, column, cell, reason: found })
          }
          values.set(column, typeof found === "number" ? found : Number.NaN)
        }
        const before = text
          .split(lineEnd)
          .slice(0, last.row - 1)
          .join("\n")
        const data = yield* parse(path, before, columns, delimiter)
        return { data, end: entryOf((name) => values.get(name ?? ""), columns) }
      }),
    ),
  )
})

/** The first value below 0 in a column where there is none. */
const negative = (
  path: string,
  entries: ReadonlyArray<Entry>,
  columns: Columns,
): NegativeValue | undefined => {
  for (const [k, { loss, products, rate }] of entries.entries()) {
    const values = { loss, rate, squaredNorm: products?.squaredNorm }
    for (const key of ["loss", "rate", "squaredNorm"] as const) {
      const [value, column] = [values[key], columns[key]]
      if (value !== undefined && column !== undefined && value < 0) {
        return new NegativeValue({ path, entry: k + 1, column, value, flag: flagOf[key] })
      }
    }
  }
  return undefined
}

/** Whether two steps are `stride` apart, up to the rounding of decimal numbers. */
const isApart = (previous: number, step: number, stride: number): boolean =>
  Math.abs(step - previous - stride) <=
  4 * Number.EPSILON * Math.max(Math.abs(step), Math.abs(previous))

/**
 * The entries of a log. Fails with the errors of `CsvError`, with `NoColumn` and `SameColumn` on columns that are not there or
 * named twice, with `NegativeValue`, with `BadSteps` on steps that do not increase evenly, and with `MissingSteps` on products of
 * gradients between steps that are not there.
 */
export const read = Effect.fn("LossLog.read")(function* (
  path: string,
  columns: Columns,
  delimiter: Csv.Delimiter,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  BadSteps | MissingSteps | NegativeValue | NoColumn | SameColumn | CsvError,
  FileSystem.FileSystem | Path.Path
> {
  const twice = shared(path, columns)
  if (twice !== undefined) return yield* twice
  const { data, end } = yield* parseToTheEnd(path, columns, delimiter)
  const names = data.featureNames
  const entries = Array.from({ length: data.samples }, (_, k) =>
    entryOf((name) => {
      if (name === columns.loss) return data.target.values[k]!
      return name === undefined
        ? undefined
        : data.features[k * data.dimension + names.indexOf(name)]
    }, columns),
  )
  if (end !== undefined) entries.push(end)
  const bad = negative(path, entries, columns)
  if (bad !== undefined) return yield* bad
  const stride = (entries[1]?.step ?? 1) - (entries[0]?.step ?? 0)
  for (let k = 1; k < entries.length; k++) {
    const [previous, step] = [entries[k - 1]!.step, entries[k]!.step]
    if (!(step > previous && isApart(previous, step, stride))) {
      return yield* new BadSteps({ path, entry: k + 1, step, previous, stride })
    }
  }
  if (
    entries[0]?.products !== undefined &&
    !isApart(entries[0].step, entries[0].step + stride, 1)
  ) {
    return yield* new MissingSteps({ path, stride })
  }
  return entries
})
