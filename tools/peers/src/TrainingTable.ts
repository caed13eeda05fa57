/** The table of docs/commands/train.md, from the scores that python/training.py kept. */
import { errorOverSplits, type Interval, pairedDifference } from "./Statistics.ts"
import type { Splits } from "./Workload.ts"

/** Scores of one division of a set: accuracies, or explained shares of the variance. */
export interface Row {
  readonly set: string
  /** Rows of the set. */
  readonly rows: number
  readonly seed: number
  readonly train: number
  /** Method that `train` chose, with its radius. */
  readonly method: string
  readonly plain: number
  readonly "scikit-learn": number
  readonly "scikit-learn, target scaled"?: number
  /** Seconds of the command, its start included. */
  readonly seconds: number
}

/** Ten divisions, each with a fifth of the rows as the test set: the quantile is that of Student's t with nine degrees of freedom. */
const splits: Splits = { count: 10, heldOut: 0.2, studentPoint: 2.262157 }

export interface OfSet {
  readonly set: string
  readonly rows: ReadonlyArray<Row>
  /** `train` less scikit-learn at its defaults. */
  readonly difference: Interval
  /** `train` less scikit-learn with a scaled target; undefined for classes. */
  readonly scaled: Interval | undefined
  /** `train` less its plain steps. */
  readonly gain: Interval
}

/** The sets in the order of the rows. Throws RangeError on a set without ten divisions. */
export const bySet = (all: ReadonlyArray<Row>): ReadonlyArray<OfSet> =>
  [...Map.groupBy(all, ({ set }) => set)].map(([set, rows]) => {
    if (new Set(rows.map(({ seed }) => seed)).size !== splits.count || rows.length !== splits.count)
      throw new RangeError(`${set} has ${rows.length} divisions, not ${splits.count}`)
    const train = rows.map((row) => row.train)
    const less = (of: (row: Row) => number | undefined): Interval | undefined => {
      const others = rows.flatMap((row) => of(row) ?? [])
      return others.length === 0 ? undefined : pairedDifference(train, others, splits)
    }
    return {
      set,
      rows,
      difference: less((row) => row["scikit-learn"])!,
      scaled: less((row) => row["scikit-learn, target scaled"]),
      gain: less(({ plain }) => plain)!,
    }
  })

/** Sets on which `train` is worse by a whole interval than either network of scikit-learn, or than its own plain steps. */
export const worse = (sets: ReadonlyArray<OfSet>): ReadonlyArray<string> =>
  sets
    .filter(({ difference, gain, scaled }) =>
      [difference, scaled, gain].some((each) => each !== undefined && each.high < 0),
    )
    .map(({ set }) => set)

const meanOf = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const score = (values: ReadonlyArray<number>): string => {
  const reach = splits.studentPoint * errorOverSplits(values, splits)
  return `${meanOf(values).toFixed(3)} ± ${reach.toFixed(3)}`
}

/** A rounded number, without the sign of a zero. */
const rounded = (value: number): string => value.toFixed(3).replace(/^-(0\.000)$/, "$1")

const interval = ({ high, low, mean }: Interval): string =>
  `${rounded(mean)} (${rounded(low)} to ${rounded(high)})`

const chosen = (rows: ReadonlyArray<Row>): string =>
  [...Map.groupBy(rows, ({ method }) => method)]
    .toSorted(([, a], [, b]) => b.length - a.length)
    .map(([method, own]) => `${method}: ${own.length}`)
    .join(", ")

const header = [
  "set",
  "`train`",
  "scikit-learn",
  "`train` minus scikit-learn",
  "its target scaled",
  "`train` minus the scaled",
  "chosen",
  "`train` minus plain",
  "seconds",
]

/** Cells of the table, header first. */
export const cells = (sets: ReadonlyArray<OfSet>): ReadonlyArray<ReadonlyArray<string>> => [
  header,
  ...sets.map(({ difference, gain, rows, scaled, set }) => [
    `${set}, ${rows[0]!.rows.toLocaleString("en")} rows`,
    score(rows.map(({ train }) => train)),
    score(rows.map((row) => row["scikit-learn"])),
    interval(difference),
    scaled === undefined ? "" : score(rows.map((row) => row["scikit-learn, target scaled"]!)),
    scaled === undefined ? "" : interval(scaled),
    chosen(rows),
    interval(gain),
    meanOf(rows.map(({ seconds }) => seconds)).toFixed(1),
  ]),
]

/** The table as Markdown, unaligned. */
export const markdown = (sets: ReadonlyArray<OfSet>): string => {
  const [first, ...others] = cells(sets).map((row) => `| ${row.join(" | ")} |`)
  return [first, `| ${header.map(() => "---").join(" | ")} |`, ...others].join("\n")
}
