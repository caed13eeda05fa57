/** Report of `ledger`: the budget spent, the state of both copies, and the repair that was or can be made. */
import { Neighbours } from "@nonconvex/dp-lowrank"
import type { FoundLedger } from "@nonconvex/dp-lowrank/node"
import * as Decimal from "@nonconvex/numerics/Decimal"
import { Schema } from "effect"
import * as TextTable from "../../cli/TextTable.ts"

/** JSON of `ledger`. */
export const LedgerReport = Schema.Struct({
  path: Schema.String,
  verdict: Schema.Literals(["whole", "mendable", "mended", "lost"]),
  reason: Schema.NullOr(Schema.String),
  /** Numbers of lines that are intact in neither place: the opening is 0, and the first spend is 1. */
  lost: Schema.Array(Schema.Int),
  /** Both places of the ledger, with the numbers of missing and damaged lines. */
  places: Schema.Array(
    Schema.Struct({
      path: Schema.String,
      isThere: Schema.Boolean,
      whole: Schema.Int,
      missing: Schema.Array(Schema.Int),
    }),
  ),
  /** Content of the account; null where something is lost. */
  account: Schema.NullOr(
    Schema.Struct({
      dataset: Schema.String,
      neighbours: Neighbours,
      rowsPerPerson: Schema.Int,
      budgetEpsilon: Schema.Number,
      budgetDelta: Schema.Number,
      spentEpsilon: Schema.Number,
      entries: Schema.Array(
        Schema.Struct({
          entry: Schema.Int,
          purpose: Schema.String,
          mechanism: Schema.String,
          epsilon: Schema.Number,
          delta: Schema.Number,
        }),
      ),
    }),
  ),
})
export type LedgerReport = typeof LedgerReport.Type

const accountOf = (book: NonNullable<FoundLedger["book"]>) => ({
  dataset: book.opening.dataset,
  neighbours: book.opening.neighbours,
  rowsPerPerson: book.opening.rowsPerPerson ?? 1,
  budgetEpsilon: book.opening.epsilon,
  budgetDelta: book.opening.delta,
  spentEpsilon: book.spentEpsilon,
  entries: book.entries.map((line) => ({
    entry: line.entry,
    purpose: line.purpose,
    mechanism: line.mechanism,
    epsilon: line.epsilon,
    delta: "kind" in line ? 0 : line.delta,
  })),
})

/** Report on a ledger, and on its repair where `isMended` is true. */
export const make = (found: FoundLedger, isMended: boolean): LedgerReport => ({
  path: found.path,
  verdict: found.verdict === "mendable" && isMended ? "mended" : found.verdict,
  reason: found.reason ?? null,
  lost: found.lost,
  places: found.places,
  account: found.book === undefined ? null : accountOf(found.book),
})

/** Numbers that are written out. */
const most = 6

const named = (numbers: ReadonlyArray<number>): string => {
  const first = numbers.slice(0, most).map((n) => (n === 0 ? "the opening" : `entry ${n}`))
  const rest = numbers.length - first.length
  return `${first.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`
}

const verdicts = {
  whole: "both copies are complete",
  mendable: "nothing is lost; --recover or the next release restores the damaged copy",
  mended: "nothing is lost; the damaged copy was restored",
  lost: "entries are lost, so the remaining budget is unknown and nothing can be released",
} as const satisfies Record<LedgerReport["verdict"], string>

const placeLine = ({ isThere, missing, path, whole }: LedgerReport["places"][number]): string => {
  if (!isThere) return `place          ${path}: missing`
  const what = missing.length === 0 ? "all intact" : `missing or damaged: ${named(missing)}`
  return `place          ${path}: ${TextTable.plural(whole, "line")}, ${what}`
}

const accountLines = (account: LedgerReport["account"]): ReadonlyArray<string> => {
  if (account === null) return []
  const { budgetDelta, budgetEpsilon, dataset, entries, neighbours, rowsPerPerson } = account
  const change = neighbours === "replace" ? "replaced" : "added or removed"
  const unit = rowsPerPerson === 1 ? "a row" : `a person with up to ${rowsPerPerson} rows`
  const spent = TextTable.number(Decimal.ceil(account.spentEpsilon, 6))
  return [
    `data set       ${JSON.stringify(dataset)}, where ${unit} is ${change}`,
    `spent          ${spent} of epsilon ${budgetEpsilon} at delta ${budgetDelta}, in ${TextTable.plural(entries.length, "release")}`,
    ...entries.map(
      ({ delta, entry, epsilon, mechanism, purpose }) =>
        `entry ${String(entry).padEnd(8)} ${purpose}, ${mechanism} noise, epsilon ${TextTable.number(Decimal.ceil(epsilon, 6))} at delta ${delta}`,
    ),
  ]
}

/** The report for people. */
export const render = ({ account, lost, path, places, reason, verdict }: LedgerReport): string =>
  [
    `${path}: ${verdicts[verdict]}`,
    ...(reason === null ? [] : [`reason         ${reason}`]),
    ...(lost.length === 0
      ? []
      : [`lost           ${named(lost)}: restore it from a backup with --copy FILE --recover`]),
    ...places.map(placeLine),
    ...accountLines(account),
  ].join("\n")
