/** Logs of losses, from tables with named columns and from the logs of trainers. */
import type { FileError } from "@nonconvex/datasets/FileError"
import * as Table from "@nonconvex/datasets/Table"
import { Effect, type FileSystem, Result } from "effect"
import { NoHeader, NotItsColumns, type ColumnProblem } from "./LogColumnsError.ts"
import type { Beside } from "./Beside.ts"
import * as RunFacts from "./RunFacts.ts"
import * as LogColumns from "./LogColumns.ts"
import { bandNotes, joined, seriesIn, valuesAt } from "./LogTable.ts"
import { BadSteps, MissingSteps, NegativeValue, NoLosses } from "./LossLogError.ts"
import * as ReplacedLosses from "./ReplacedLosses.ts"
import { type LogFormat, resumedNote, type RunLog, seriesOf } from "./RunLog.ts"
import { resumed, type Series } from "./Series.ts"

/** Numbers of a log, with one value per step in each existing column. NaN if a step has no value, or one that is not finite. */
interface Numbers {
  readonly steps: Float64Array
  readonly losses: Float64Array
  readonly learningRates?: Float64Array
  readonly gradientNorms?: Float64Array
  readonly squaredNorms?: Float64Array
  readonly products?: Float64Array
  readonly sharpness?: Float64Array
  readonly controls?: Float64Array
  readonly batchSizes?: Float64Array
}

/** Losses of a run by step, with other columns of its log. */
export interface LossLog {
  readonly format: LogFormat
  readonly numbers: Numbers
  /** Columns that were used. */
  readonly columns: LogColumns.Chosen
  readonly facts: RunFacts.RunFacts
  /** Notes on the reading for the user: omissions and unread columns. */
  readonly notes: ReadonlyArray<string>
}

/** Errors of a file, or of the names of its columns. */
type Problem = ColumnProblem | FileError | Table.ContentError

/** Errors of numbers. */
type Misfit = BadSteps | MissingSteps | NegativeValue | NoLosses | ColumnProblem

/** Errors when reading a log of losses. */
export type LossLogError = Misfit | Problem

interface ReadOptions extends Table.Options {
  readonly format?: LogFormat
  /** Names of the columns, for a table without a header. */
  readonly given?: ReadonlyArray<string> | undefined
  readonly notes?: ReadonlyArray<string>
  readonly beside?: Beside | undefined
}

/** A log before its columns are chosen. */
interface Raw {
  readonly path: string
  readonly format: LogFormat
  readonly choice: LogColumns.Chosen
  /** Series by column, without gaps. */
  readonly series: ReadonlyMap<string, Series>
  /** Position of a loss in the file, from 1. */
  readonly entry: (k: number) => number
  readonly settings: ReadonlyMap<string, string>
  /** Origin of the settings. */
  readonly source: string
  readonly notes: ReadonlyArray<string>
}

/** A count in groups of three digits, separated by narrow spaces. */
const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, " ")

const finite = (values: Float64Array): Float64Array =>
  values.map((value) => (Number.isFinite(value) ? value : Number.NaN))

/** The first negative value in a column that must not have any. */
const negative = (
  { choice, entry, path }: Raw,
  column: (key: LogColumns.Key) => Float64Array | undefined,
): NegativeValue | undefined => {
  const found = (["loss", "rate", "gradientNorm", "squaredNorm", "control"] as const).flatMap(
    (key) => {
      const at = column(key)?.findIndex((value) => value < 0) ?? -1
      return at < 0 ? [] : [{ key, at, value: column(key)![at]! }]
    },
  )
  if (found.length === 0) return undefined
  const { at, key, value } = found.reduce((first, each) => (each.at < first.at ? each : first))
  const named = choice.find((each) => each.key === key)!.column
  const flag = LogColumns.flagOf[key]
  return new NegativeValue({ path, entry: entry(at), column: named, value, flag })
}

/** Products between consecutive steps; or the reason why there are none. */
const productsOf = (
  { choice, path }: Raw,
  { isAveraged, stride }: RunFacts.RunFacts,
  steps: Float64Array,
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
        : { note: `ignored: half of the gradient products; ${other} is needed too` },
    )
  }
  // parts of an epoch say nothing about how many steps are between them
  if ((Number.isInteger(stride) && stride !== 1) || isAveraged) {
    const isNamed = choice.some((each) => each.key === "product" && each.isNamed)
    return isNamed
      ? Result.fail(new MissingSteps({ path, stride }))
      : Result.succeed({ note: `ignored: gradient products, since the steps are ${stride} apart` })
  }
  const isNext = (k: number) =>
    k > 0 && Math.abs(steps[k]! - steps[k - 1]! - stride) < 1e-6 * stride
  return Result.succeed({
    squaredNorms,
    products: products.map((product, k) => (isNext(k) ? product : Number.NaN)),
  })
}

const badSteps = (path: string, steps: Float64Array, entry: Raw["entry"]) => {
  const at = steps.findIndex(
    (step, k) => !Number.isFinite(step) || (k > 0 && !(step > steps[k - 1]!)),
  )
  return at < 0
    ? undefined
    : new BadSteps({
        path,
        entry: entry(at),
        step: steps[at]!,
        previous: at === 0 ? Number.NaN : steps[at - 1]!,
      })
}

/** Numbers of a log, with notes on them. */
const looked = (
  raw: Raw,
): Result.Result<LossLog, BadSteps | MissingSteps | NegativeValue | NoLosses> => {
  const { choice, entry, format, path } = raw
  const named = (key: LogColumns.Key) => choice.find((each) => each.key === key)?.column
  const { steps } = raw.series.get(named("loss")!)!
  if (steps.length === 0) return Result.fail(new NoLosses({ path, column: named("loss")! }))
  const order = badSteps(path, steps, entry)
  if (order !== undefined) return Result.fail(order)
  const found = new Map<LogColumns.Key, Float64Array>(
    choice.flatMap(({ column, key }) => {
      const series = raw.series.get(column)
      return key === "step" || series === undefined
        ? []
        : [[key, valuesAt(steps, series, key === "rate" || key === "batchSize")] as const]
    }),
  )
  const { series, settings, source } = raw
  const batchSizes = found.get("batchSize")
  const facts = RunFacts.of({ format, choice, steps, settings, series, source, batchSizes })
  const replaced = ReplacedLosses.of({
    steps,
    losses: found.get("loss")!,
    gradientNorms: found.get("gradientNorm"),
    shares: found.get("nonFinite"),
    isFiltered: facts.isFiltered,
  })
  found.set("loss", replaced.losses)
  const column = (key: LogColumns.Key) => {
    const values = found.get(key)
    return values === undefined ? undefined : finite(values)
  }
  const bad = negative(raw, column)
  if (bad !== undefined) return Result.fail(bad)
  return Result.map(productsOf(raw, facts, steps, column), ({ note, ...products }) => {
    const optional = {
      learningRates: column("rate"),
      gradientNorms: column("gradientNorm"),
      sharpness: column("sharpness"),
      controls: column("control"),
      batchSizes: column("batchSize"),
    }
    const present = Object.fromEntries(
      Object.entries(optional).filter(([, values]) => values !== undefined),
    ) as { readonly [Key in keyof typeof optional]?: Float64Array }
    const scale = column("lossScale")
    return {
      format,
      numbers: { steps, losses: column("loss")!, ...present, ...products },
      columns: choice,
      facts,
      notes: [
        ...raw.notes,
        ...facts.notes,
        ...replaced.notes,
        ...(scale === undefined ? [] : ReplacedLosses.skipped(steps, scale)),
        ...(note === undefined ? [] : [note]),
      ],
    }
  })
}

/** An error of a table in terms of the names that were given, or should have been. */
const ofNames =
  (given: ReadonlyArray<string> | undefined) =>
  (problem: Problem): Problem => {
    const { _tag } = problem
    const names = given?.length
    if (names === undefined) {
      return _tag === "BadHeader" && LogColumns.isNumber(problem.column)
        ? new NoHeader({ path: problem.path, cell: problem.column })
        : problem
    }
    if (_tag === "RaggedRow" && problem.expected === names) {
      const { found, path, row } = problem
      return new NotItsColumns({ path, row, names, found })
    }
    return _tag === "BadCell" && problem.row === 1 && problem.reason === "not-a-number"
      ? new NotItsColumns({ path: problem.path, row: 1, names, found: names, word: problem.cell })
      : problem
  }

/** A log that goes back more often than once in so many entries is not sorted. */
const fewestSteps = 20

const sourceOf = (beside: Beside | undefined): string =>
  beside === undefined || beside.files.length === 0 ? "the log" : beside.files.join(" and ")

/**
 * Reads a table in one file or several; `given` are its column names if it has no header. Rows without a loss are dropped,
 * except for values at steps that have one. Fails with the errors of reading a table. Headers: `NoHeader` if missing,
 * `NotItsColumns` if `given` does not fit. Columns: `NoColumn`, `SeveralLosses`, and `SameColumn` for a repeated name. Values:
 * `NoLosses`, `NegativeValue` and `BadSteps`. `MissingSteps` if products between missing steps were requested.
 */
export const read: (
  paths: readonly [string, ...Array<string>],
  names: LogColumns.Names,
  options: ReadOptions,
) => Effect.Effect<LossLog, LossLogError, FileSystem.FileSystem> = Effect.fn("LossLog.read")(
  function* (
    paths: readonly [string, ...Array<string>],
    names: LogColumns.Names,
    { beside, format = "csv", given, notes = [], ...spelling }: ReadOptions,
  ): Effect.fn.Return<LossLog, LossLogError, FileSystem.FileSystem> {
    const [path, ...others] = paths
    let choice: LogColumns.Choice = { chosen: [], alternatives: [] }
    let wanted: ReadonlyArray<string> = []
    const first = yield* Table.readLog(path, { ...spelling, names: given }, (available) =>
      Result.map(LogColumns.choose({ path, available, isLog: false }, names), (found) => {
        choice = found
        const losses = found.chosen.flatMap(({ column, key }) => (key === "loss" ? [column] : []))
        const bands = [...losses, ...found.alternatives].flatMap(LogColumns.bandOf)
        const present = new Set(available)
        wanted = [
          ...found.chosen.map(({ column }) => column),
          ...found.alternatives,
          ...bands.filter((band) => present.has(band)),
        ]
        return wanted
      }),
    ).pipe(Effect.mapError(ofNames(given)))
    const more = yield* Effect.forEach(others, (other) =>
      Table.readLog(other, spelling, (available) =>
        Result.succeed(wanted.filter((name) => available.includes(name))),
      ),
    )
    const step = choice.chosen.find(({ key }) => key === "step")?.column
    const table = joined(first, more, step)
    const of = (name: string) => seriesIn(table, step, name)
    const chosen = yield* Effect.fromResult(
      LogColumns.settle(path, choice, (name) => of(name).series.values),
    )
    const loss = chosen.find(({ key }) => key === "loss")!.column
    const { kept, series: losses } = of(loss)
    const left = table.rows - kept.length
    const [least, most] = LogColumns.bandOf(loss).map((name) =>
      table.columns.includes(name) ? of(name).series : undefined,
    )
    const continued = resumed(losses)
    const { restarts } = continued
    const isResumed = restarts.length > 0 && losses.steps.length > fewestSteps * restarts.length
    const series = new Map(
      chosen.map(({ column }) => {
        const own = of(column).series
        return [column, isResumed ? resumed(own).series : own]
      }),
    )
    return yield* Effect.fromResult(
      looked({
        path,
        format,
        choice: chosen,
        series,
        entry: (k) =>
          isResumed ? losses.steps.lastIndexOf(continued.series.steps[k]!) + 1 : kept[k]! + 1,
        settings: beside?.settings ?? new Map(),
        source: sourceOf(beside),
        notes: [
          ...notes,
          ...(step === undefined
            ? ["the file has no step column: its rows are numbered from 0"]
            : []),
          ...(left === 0
            ? []
            : [`ignored: ${grouped(left)} ${left === 1 ? "entry" : "entries"} without a loss`]),
          ...(isResumed ? [resumedNote(restarts)] : []),
          ...bandNotes(losses, [least, most]),
        ],
      }),
    )
  },
)

/** Name of the steps in a log that has a step for each number. */
const ofEach = "step"

/** Losses in the log of a run, with the other known columns. Fails with the errors of names and numbers, like `read`. */
export const ofRun = (
  path: string,
  format: LogFormat,
  log: RunLog,
  names: LogColumns.Names,
  beside?: Beside,
): Result.Result<LossLog, Misfit> => {
  const available = log.columns.map(({ name }) => name)
  const all = log.isByRow ? available : [ofEach, ...available.filter((name) => name !== ofEach)]
  return Result.gen(function* () {
    const choice = yield* LogColumns.choose({ path, available: all, isLog: true }, names)
    const { chosen, alternatives } = choice
    const step = chosen.find(({ key }) => key === "step")?.column
    const isLoss = ({ key }: (typeof chosen)[number]) => key === "loss"
    const ordered = [...chosen.filter(isLoss), ...chosen.filter((each) => !isLoss(each))]
    const wanted = [...ordered.map(({ column }) => column), ...alternatives]
    const { notes, series } = seriesOf(log, wanted, step)
    const byName = new Map(series.map((each) => [each.name, each]))
    const settled = yield* LogColumns.settle(path, choice, (name) => byName.get(name)!.values)
    const unnumbered = step === undefined && log.isByRow
    return yield* looked({
      path,
      format,
      choice: settled,
      series: byName,
      entry: (k) => k + 1,
      settings: new Map([...(beside?.settings ?? []), ...log.settings]),
      source: log.settings.size > 0 ? "the log" : sourceOf(beside),
      notes: [
        ...(unnumbered ? ["the log has no step column: its rows are numbered from 0"] : []),
        ...notes,
      ],
    })
  })
}
