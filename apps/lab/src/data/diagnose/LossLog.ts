/** Logs of losses as CSV, with columns by name. */
import { quote } from "@nonconvex/datasets/CsvError"
import type { FileError } from "@nonconvex/datasets/FileError"
import * as Table from "@nonconvex/datasets/Table"
import { Effect, type FileSystem, Result, Schema } from "effect"
import * as LogColumns from "./LogColumns.ts"

/** The steps of a log do not increase from row to row. */
export class BadSteps extends Schema.TaggedError<BadSteps>()("BadSteps", {
  path: Schema.String,
  /** Of the rows with data, from 1. */
  entry: Schema.Int,
  /** NaN where the row has none. */
  step: Schema.Number,
  previous: Schema.Number,
}) {
  override get message(): string {
    const place = `${this.path}: entry ${this.entry}`
    return Number.isFinite(this.step)
      ? `${place}: step ${this.step} follows step ${this.previous}: sort the log by step, and keep one entry a step; of a run that was resumed, the last`
      : `${place} has no step: number the entries, or name another column with --step`
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

/** A loss, a rate or a norm below 0. */
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
      this.flag === LogColumns.flagOf.loss
        ? "a spike is a multiple of the lowest loss: add a constant that keeps the losses above 0"
        : `name another column with ${this.flag}, or leave it out`
    return `${this.path}: entry ${this.entry}, column ${quote(this.column)}: ${this.value} is negative; ${next}`
  }
}

/** No entry has a loss. */
export class NoLosses extends Schema.TaggedError<NoLosses>()("NoLosses", {
  path: Schema.String,
  column: Schema.String,
}) {
  override get message(): string {
    return `${this.path}: column ${quote(this.column)} has no loss in any row: say with --loss which column has them`
  }
}

/** The numbers of a log, one a step in each column that is there: NaN where a step has none, and where it was not finite. */
interface Numbers {
  readonly steps: Float64Array
  readonly losses: Float64Array
  readonly learningRates?: Float64Array
  readonly gradientNorms?: Float64Array
  readonly squaredNorms?: Float64Array
  readonly products?: Float64Array
  readonly sharpness?: Float64Array
  readonly controls?: Float64Array
}

export interface LossLog {
  readonly numbers: Numbers
  /** What was read, and what was not, for the user. */
  readonly columns: LogColumns.Chosen
  readonly notes: ReadonlyArray<string>
}

/** What is wrong with a file, or with what was said of its columns. */
type Problem = LogColumns.Problem | FileError | Table.ContentError

const plural = (n: number): string => (n === 1 ? "1 entry" : `${n} entries`)

/** Where the numbers of a column lie among those that were read, of the rows that have a loss. */
const columnsOf = ({ columns, rows, values }: Table.Columns, chosen: LogColumns.Chosen) => {
  const width = columns.length
  const placeOf = (key: LogColumns.Key) => chosen.findIndex((each) => each.key === key)
  const loss = placeOf("loss")
  const kept: Array<number> = []
  for (let k = 0; k < rows; k++) if (!Number.isNaN(values[k * width + loss]!)) kept.push(k)
  /** A number that ran away is infinite in the file, and none for what follows. */
  const column = (key: LogColumns.Key): Float64Array | undefined => {
    const j = placeOf(key)
    if (j < 0) return undefined
    return Float64Array.from(kept, (k) => {
      const value = values[k * width + j]!
      return Number.isFinite(value) ? value : Number.NaN
    })
  }
  return { kept, column, left: rows - kept.length }
}

/** The first value below 0 in a column where there is none. */
const negative = (
  path: string,
  chosen: LogColumns.Chosen,
  column: (key: LogColumns.Key) => Float64Array | undefined,
  kept: ReadonlyArray<number>,
): NegativeValue | undefined => {
  const found = (["loss", "rate", "gradientNorm", "squaredNorm", "control"] as const).flatMap(
    (key) => {
      const at = column(key)?.findIndex((value) => value < 0) ?? -1
      return at < 0 ? [] : [{ key, at, value: column(key)![at]! }]
    },
  )
  if (found.length === 0) return undefined
  const { at, key, value } = found.reduce((first, each) => (each.at < first.at ? each : first))
  const named = chosen.find((each) => each.key === key)!.column
  const flag = LogColumns.flagOf[key]
  return new NegativeValue({ path, entry: kept[at]! + 1, column: named, value, flag })
}

/** The distance of most steps from the one before; 1 of a single step. */
const strideOf = (steps: Float64Array): number => {
  const apart = steps.slice(1).map((step, k) => step - steps[k]!)
  return apart.length === 0 ? 1 : apart.toSorted()[apart.length >> 1]!
}

/** Products where the step before is in the log; or why there are none. */
const productsOf = (
  path: string,
  steps: Float64Array,
  chosen: LogColumns.Chosen,
  column: (key: LogColumns.Key) => Float64Array | undefined,
): Result.Result<
  {
    readonly squaredNorms?: Float64Array
    readonly products?: Float64Array
    readonly note?: string
  },
  MissingSteps
> => {
  const [squaredNorms, products] = [column("squaredNorm"), column("product")]
  if (squaredNorms === undefined || products === undefined) {
    const one = squaredNorms ?? products
    const other = products === undefined ? "--product" : "--squared-norm"
    return Result.succeed(
      one === undefined
        ? {}
        : { note: `left out: half of the gradient products; ${other} is needed too` },
    )
  }
  const stride = strideOf(steps)
  // parts of an epoch say nothing about how many steps are between them
  if (Number.isInteger(stride) && stride !== 1) {
    const isNamed = chosen.some((each) => each.key === "product" && each.isNamed)
    return isNamed
      ? Result.fail(new MissingSteps({ path, stride }))
      : Result.succeed({ note: `left out: gradient products, for the steps are ${stride} apart` })
  }
  const isNext = (k: number) =>
    k > 0 && Math.abs(steps[k]! - steps[k - 1]! - stride) < 1e-6 * stride
  return Result.succeed({
    squaredNorms,
    products: products.map((product, k) => (isNext(k) ? product : Number.NaN)),
  })
}

const badSteps = (path: string, steps: Float64Array, kept: ReadonlyArray<number>) => {
  const at = steps.findIndex(
    (step, k) => !Number.isFinite(step) || (k > 0 && !(step > steps[k - 1]!)),
  )
  return at < 0
    ? undefined
    : new BadSteps({
        path,
        entry: kept[at]! + 1,
        step: steps[at]!,
        previous: at === 0 ? Number.NaN : steps[at - 1]!,
      })
}

/** What is wrong with a table, said of the names that were given, or should have been. */
const ofNames =
  (given: ReadonlyArray<string> | undefined) =>
  (problem: Problem): Problem => {
    const { _tag, path } = problem
    const names = given?.length
    if (names === undefined) {
      return _tag === "BadHeader" && LogColumns.isNumber(problem.column)
        ? new LogColumns.NoHeader({ path, cell: problem.column })
        : problem
    }
    if (_tag === "RaggedRow" && problem.expected === names) {
      return new LogColumns.NotItsColumns({ path, row: problem.row, names, found: problem.found })
    }
    return _tag === "BadCell" && problem.row === 1 && problem.reason === "not-a-number"
      ? new LogColumns.NotItsColumns({ path, row: 1, names, found: names, word: problem.cell })
      : problem
  }

/**
 * Reads a log; `given` are the names of its columns where it has no header. Rows without a loss are left out. Fails with the errors
 * of reading a table, with `NoHeader` and `NotItsColumns` where a header is missing or `given` does not fit, with `NoColumn` and
 * `SameColumn` on columns that are not there or named twice, with `NoLosses`, `NegativeValue` and `BadSteps`, and with `MissingSteps` on products
 * that were asked for between steps that are not there.
 */
export const read = Effect.fn("LossLog.read")(function* (
  path: string,
  names: LogColumns.Names,
  { given, ...spelling }: Table.Options & { readonly given?: ReadonlyArray<string> | undefined },
): Effect.fn.Return<
  LossLog,
  BadSteps | MissingSteps | NegativeValue | NoLosses | Problem,
  FileSystem.FileSystem
> {
  let chosen: LogColumns.Chosen = []
  const table = yield* Table.readLog(path, { ...spelling, names: given }, (available) =>
    Result.map(LogColumns.choose(path, names, available), (found) => {
      chosen = found
      return found.map(({ column }) => column)
    }),
  ).pipe(Effect.mapError(ofNames(given)))
  const { column, kept, left } = columnsOf(table, chosen)
  const numbered = column("step")
  const [steps, losses] = [numbered ?? Float64Array.from(kept), column("loss")!]
  if (kept.length === 0) {
    return yield* new NoLosses({ path, column: chosen.find(({ key }) => key === "loss")!.column })
  }
  const bad = negative(path, chosen, column, kept) ?? badSteps(path, steps, kept)
  if (bad !== undefined) return yield* bad
  const { note, ...products } = yield* Effect.fromResult(productsOf(path, steps, chosen, column))
  const optional = {
    learningRates: column("rate"),
    gradientNorms: column("gradientNorm"),
    sharpness: column("sharpness"),
    controls: column("control"),
  }
  const present = Object.fromEntries(
    Object.entries(optional).filter(([, values]) => values !== undefined),
  ) as { readonly [Key in keyof typeof optional]?: Float64Array }
  return {
    numbers: { steps, losses, ...present, ...products },
    columns: chosen,
    notes: [
      ...(numbered === undefined ? ["the file has no steps: its rows are numbered from 0"] : []),
      ...(left === 0 ? [] : [`left out: ${plural(left)} without a loss`]),
      ...(note === undefined ? [] : [note]),
    ],
  }
})
