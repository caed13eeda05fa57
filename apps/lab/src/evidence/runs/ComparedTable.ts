/** A comparison for a person at a terminal. */
import type { Paint } from "../../cli/Paint.ts"
import * as Table from "../../cli/TextTable.ts"
import type { Compared, Contrast, GroupSummary } from "./GroupComparison.ts"
import type { Differing } from "./Groups.ts"

/** Note on the groups that a table omits. */
const left = { what: "group", where: "--json has all" }

const number = (value: number): string => (Number.isNaN(value) ? "" : Table.number(value))

/** Three digits, fewer for values far below any level. */
const probability = (p: number): string => {
  if (Number.isNaN(p)) return ""
  return p < 1e-12 ? "below 1e-12" : String(Number(p.toPrecision(3)))
}

/** `0.1 to 0.2`; empty if unknown. */
export const interval = (low: number, high: number): string =>
  Number.isNaN(low) || Number.isNaN(high) ? "" : `${Table.number(low)} to ${Table.number(high)}`

interface Cells<Entry> {
  readonly header: ReadonlyArray<string>
  readonly entries: ReadonlyArray<Entry>
  readonly of: (entry: Entry) => ReadonlyArray<string>
}

const text = <Entry>({ entries, header, of }: Cells<Entry>): string =>
  Table.clipped(header, entries, of, left).join("\n")

const contrasts = (found: ReadonlyArray<Contrast>): Cells<Contrast> => {
  const many = found.length > 1
  return {
    header: [
      `against ${found[0]!.against}`,
      "difference",
      "95 % confidence interval",
      "p",
      ...(many ? ["p after Holm"] : []),
      "pairs",
      "test",
    ],
    entries: found,
    of: ({ adjusted, difference, high, label, low, p, pairs, reason, test }) => [
      label,
      number(difference),
      interval(low, high),
      probability(p),
      ...(many ? [probability(adjusted)] : []),
      pairs === 0 ? "" : String(pairs),
      [test ?? "none", ...(reason === undefined ? [] : [reason])].join("; "),
    ],
  }
}

/** A test in a sentence: `the second against the best: 0.2 (0.1 to 0.3), p 0.01, paired t test, by seed`. */
export const sentence = (
  subject: string,
  { difference, high, low, p, reason, test }: Contrast,
): string => {
  const range = interval(low, high)
  return `${subject}: ${[
    `${difference > 0 ? "+" : ""}${number(difference)}${range === "" ? "" : ` (${range})`}`,
    ...(Number.isNaN(p) ? [] : [`p ${probability(p)}`]),
    ...(test === undefined ? [] : [test]),
    ...(reason === undefined ? [] : [reason]),
  ].join(", ")}`
}

/** Legend of the numbers. */
export const legend =
  "means over seeds; sd with n - 1 in the denominator; 95 % confidence intervals and p from Student's t distribution"

const mostValues = 4

const valuesText = (values: ReadonlyArray<string>): string =>
  values.length > mostValues
    ? `${values.slice(0, mostValues).join(" ")} and ${values.length - mostValues} more`
    : values.map((value) => (value === "" ? "-" : value)).join(" ")

/** `1..5`, or `1 4 7`. */
const seedsText = (seeds: ReadonlyArray<number>): string => {
  const sorted = [...new Set(seeds)].toSorted((a, b) => a - b)
  const [first, last] = [sorted[0]!, sorted.at(-1)!]
  return sorted.length > 2 && last - first === sorted.length - 1
    ? `${first}..${last}`
    : valuesText(sorted.map(String))
}

const meansHeader = ["", "n", "seeds", "mean", "sd", "95 % confidence interval"]

const meansCells = ({
  count,
  high,
  label,
  low,
  mean,
  sd,
  seeds,
  without,
}: GroupSummary): ReadonlyArray<string> => [
  label,
  without.length === 0 ? String(count) : `${count} of ${count + without.length}`,
  seedsText(seeds),
  number(mean),
  number(sd),
  interval(low, high),
]

const inMeans = (groups: ReadonlyArray<GroupSummary>): Cells<GroupSummary> => ({
  header: meansHeader,
  entries: groups,
  of: meansCells,
})

/** Groups with their means, in the given order. */
export const means = (groups: ReadonlyArray<GroupSummary>): string =>
  Table.render(meansHeader, groups.map(meansCells))

/** Tests whether the labels of the groups cover all their differences. */
const isSaid = (differs: ReadonlyArray<Differing>, groups: ReadonlyArray<GroupSummary>): boolean =>
  differs.every(({ name, values }) =>
    groups.every(
      ({ label }, at) => values[at]!.length === 1 && label.includes(`${name}=${values[at]![0]!}`),
    ),
  )

/** Differences of each group. */
const differing = (
  differs: ReadonlyArray<Differing>,
  groups: ReadonlyArray<GroupSummary>,
): Cells<ReadonlyArray<string>> => ({
  header: ["", ...differs.map(({ name }) => name), "seeds"],
  entries: groups.map(({ label, seeds }, at) => [
    label,
    ...differs.map(({ values }) => valuesText(values[at]!)),
    seedsText(seeds),
  ]),
  of: (cells) => cells,
})

/** Describes the comparison in a sentence. */
const headline = ({ differs, groups, metric }: Compared): string => {
  const of = groups.reduce((total, { runs }) => total + runs.length, 0)
  const names = differs.map(({ name }) => name).join(", ")
  return `${metric === undefined ? "" : `${metric} of `}${Table.plural(of, "run")}, which differ in ${names === "" ? "only their seeds" : names}`
}

/** Complete tables of a comparison. */
export const tables = (compared: Compared) => {
  const { contrasts: found, differs, groups, metric } = compared
  const cells = <Entry>({ entries, header, of }: Cells<Entry>) => ({
    header,
    rows: entries.map(of),
  })
  return {
    headline: headline(compared),
    tables: [
      ...(metric !== undefined && isSaid(differs, groups)
        ? []
        : [cells(differing(differs, groups))]),
      ...(metric === undefined ? [] : [cells(inMeans(groups))]),
      ...(found.length === 0 ? [] : [cells(contrasts(found))]),
    ],
    ...(metric !== undefined && { legend }),
  }
}

/** Renders the differences, the means of the groups, the tests against the first, and the cautions. */
export const render = (paint: Paint, compared: Compared, rows?: string): string => {
  const { contrasts: found, differs, groups, metric, notes } = compared
  return [
    headline(compared),
    ...(metric !== undefined && isSaid(differs, groups)
      ? []
      : ["", text(differing(differs, groups))]),
    ...(rows === undefined ? [] : ["", rows]),
    ...(metric === undefined ? [] : ["", text(inMeans(groups))]),
    ...(found.length === 0 ? [] : ["", text(contrasts(found))]),
    ...(notes.length === 0 ? [] : ["", ...notes.map((note) => paint.bad(`note: ${note}`))]),
    ...(metric === undefined ? [] : ["", paint.dim(legend)]),
  ].join("\n")
}
