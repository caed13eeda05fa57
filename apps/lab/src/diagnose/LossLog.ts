/** A log of losses from a CSV file: one row a step, in order, without gaps. */
import { Csv, type CsvError, fromPlatformError } from "@nonconvex/datasets"
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
      ? `${this.path}: the header has ${header} alone, and a log has a column of the steps and one of the losses, with a comma between: add what is missing`
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

/** Whether that line of the text, from 1, is the last one with anything on it. */
const isLast = (text: string, row: number): boolean =>
  text
    .split(lineEnd)
    .slice(row)
    .every((line) => line.trim() === "")

const parse = (path: string, text: string, columns: Columns) => {
  const features = [columns.step, columns.rate, columns.squaredNorm, columns.product].flatMap(
    (name) => name ?? [],
  )
  return Csv.parse(text, { path, features, target: Csv.values(columns.loss) }).pipe(
    Effect.catchTag("MissingColumn", ({ available, column }) => {
      const { flag } = named(columns).find((each) => each.column === column)!
      return Effect.fail(new NoColumn({ path, column, flag, available }))
    }),
  )
}

const cellsOf = (line: string | undefined): ReadonlyArray<string> =>
  (line ?? "").split(",").map((cell) => cell.trim())

const numberless = /^[+-]?(nan|inf(inity)?)$/i

/** A run that ends in NaN is what there is to diagnose: the last row may say so, and no other. */
const parseToTheEnd = (path: string, text: string, columns: Columns) =>
  parse(path, text, columns).pipe(
    Effect.map((data) => ({ data, end: undefined })),
    Effect.catchTag("BadCell", (error) => {
      const isEnd = error.column === columns.loss && numberless.test(error.cell.trim())
      if (!isEnd || !isLast(text, error.row)) return Effect.fail(error)
      const lines = text.split(lineEnd)
      const at = cellsOf(lines[0]).indexOf(columns.step)
      const end = Number(cellsOf(lines[error.row - 1])[at])
      const before = lines.slice(0, error.row - 1).join("\n")
      return Effect.map(parse(path, before, columns), (data) => ({ data, end }))
    }),
  )

/**
 * The entries of a log. Fails with the errors of `CsvError`, with `NoColumn` and `SameColumn` on columns that are not there or
 * named twice, with `BadSteps` on steps that do not increase evenly, and with `MissingSteps` on products of gradients between
 * steps that are not there.
 */
export const read = Effect.fn("LossLog.read")(function* (
  path: string,
  columns: Columns,
): Effect.fn.Return<
  ReadonlyArray<Entry>,
  BadSteps | MissingSteps | NoColumn | SameColumn | CsvError,
  FileSystem.FileSystem | Path.Path
> {
  const twice = shared(path, columns)
  if (twice !== undefined) return yield* twice
  const fs = yield* FileSystem.FileSystem
  const text = yield* fs.readFileString(path).pipe(Effect.mapError(fromPlatformError(path)))
  const { data, end } = yield* parseToTheEnd(path, text, columns)
  const width = data.dimension
  const names = data.featureNames
  const cell = (k: number, name: string | undefined) =>
    name === undefined ? undefined : data.features[k * width + names.indexOf(name)]
  const entries = Array.from({ length: data.samples }, (_, k): Entry => {
    const rate = cell(k, columns.rate)
    const squaredNorm = cell(k, columns.squaredNorm)
    const withPrevious = cell(k, columns.product)
    return {
      step: cell(k, columns.step)!,
      loss: data.target.values[k]!,
      ...(rate === undefined ? {} : { rate }),
      ...(squaredNorm === undefined || withPrevious === undefined
        ? {}
        : { products: { squaredNorm, withPrevious } }),
    }
  })
  if (end !== undefined) entries.push({ step: end, loss: Number.NaN })
  const stride = (entries[1]?.step ?? 1) - (entries[0]?.step ?? 0)
  for (let k = 1; k < entries.length; k++) {
    const [previous, step] = [entries[k - 1]!.step, entries[k]!.step]
    if (!(step > previous) || step - previous !== stride) {
      return yield* new BadSteps({ path, entry: k + 1, step, previous, stride })
    }
  }
  if (entries[0]?.products !== undefined && stride !== 1) {
    return yield* new MissingSteps({ path, stride })
  }
  return entries
})
