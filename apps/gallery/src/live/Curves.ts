/** Runs as overlaid curves: the default columns, and the figure. */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Figure } from "../page/Draw.ts"

/** A run with its rows, and a label that distinguishes it from the others. */
export interface Curve {
  readonly label: string
  readonly rows: ReadonlyArray<Row>
}

export interface Columns {
  /** Numeric columns. */
  readonly numbers: ReadonlyArray<string>
  /** Columns of names, which distinguish the curves of one run. */
  readonly names: ReadonlyArray<string>
}

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value)

/** Columns that all runs have. */
export const columnsOf = (curves: ReadonlyArray<Curve>): Columns => {
  const [first, ...others] = curves.map(
    ({ rows }) => new Set(rows.flatMap((row) => Object.keys(row))),
  )
  const shared = [...(first ?? [])].filter((name) => others.every((each) => each.has(name)))
  const values = (name: string) =>
    curves.flatMap(({ rows }) => rows.map((row) => row[name]).filter((each) => each !== undefined))
  return {
    numbers: shared.filter((name) => values(name).some(isNumber)),
    names: shared.filter((name) => values(name).every((each) => typeof each === "string")),
  }
}

const times = /^(?:steps?|epochs?|iterations?|t|rounds?|gradients?|calls)$/i
const measures = [
  /^test.*(?:loss|error)$/i,
  /^test.*accuracy$/i,
  /loss$/i,
  /error$/i,
  /accuracy$/i,
  /trace|gap|norm/i,
]

/** Numbers in a column of a run, row by row. */
const valuesIn = ({ rows }: Curve, name: string): ReadonlyArray<number> =>
  rows.map((row) => row[name]).filter(isNumber)

const isAscending = (values: ReadonlyArray<number>): boolean =>
  values.length > 2 && values.every((value, i) => i === 0 || value > values[i - 1]!)

/** Default columns to draw: time, or a setting, against a measured column. */
export const defaultsOf = (
  curves: ReadonlyArray<Curve>,
): { readonly x: string; readonly y: string } | undefined => {
  const { numbers } = columnsOf(curves)
  const x =
    numbers.find((name) => times.test(name)) ??
    numbers.find((name) => curves.every((curve) => isAscending(valuesIn(curve, name)))) ??
    numbers[0]
  const rest = numbers.filter((name) => name !== x)
  const y =
    measures.flatMap((measure) => rest.filter((name) => measure.test(name)))[0] ?? rest.at(-1) ?? x
  return x === undefined || y === undefined ? undefined : { x, y }
}

/** Ratio from which on a logarithmic axis is better. */
const wide = 100

const axisOf = (curves: ReadonlyArray<Curve>, name: string) => {
  const values = curves.flatMap((curve) => valuesIn(curve, name))
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
  const isLog = low > 0 && high / low >= wide
  return {
    field: name,
    type: "quantitative",
    title: name,
    scale: isLog ? { type: "log" } : { zero: false, nice: true },
  }
}

/** Overlaid curves, one colour per run; undefined if no run has two numeric columns. */
export const overlay = (
  curves: ReadonlyArray<Curve>,
  { x, y }: { readonly x: string; readonly y: string },
): Figure | undefined => {
  const { names } = columnsOf(curves)
  const values = curves.flatMap(({ label, rows }) =>
    rows
      .filter((row) => isNumber(row[x]) && isNumber(row[y]))
      .map((row) => ({
        run: label,
        series: names.map((name) => String(row[name])).join(", "),
        [x]: row[x]!,
        [y]: row[y]!,
      })),
  )
  if (values.length === 0) return undefined
  const series = new Set(values.map((row) => row.series)).size
  const isSparse = values.length <= 60
  return {
    id: "overlay",
    title: `${y} against ${x}`,
    caption: `${curves.length} runs, one colour each${
      series > 1 ? `; a run has ${series} lines, distinguished by ${names.join(", ")}` : ""
    }.`,
    spec: {
      data: { values },
      mark: { type: "line", point: isSparse },
      encoding: {
        x: axisOf(curves, x),
        y: axisOf(curves, y),
        color: { field: "run", type: "nominal", sort: null, title: null },
        ...(series > 1 && { detail: { field: "series", type: "nominal" } }),
      },
    },
  }
}

/** Labels by the settings and seed in which runs differ, or else by their ids. */
export const labelsOf = (
  runs: ReadonlyArray<{
    readonly id: string
    readonly seed: number
    readonly config: unknown
  }>,
): ReadonlyArray<string> => {
  const all = runs.map(({ config, seed }) => ({ ...(config as Record<string, unknown>), seed }))
  const keys = [...new Set(all.flatMap(Object.keys))].filter(
    (key) =>
      new Set(all.map((each) => JSON.stringify((each as Record<string, unknown>)[key]))).size > 1,
  )
  const labels = all.map((each) =>
    keys
      .map((key) => `${key} ${JSON.stringify((each as Record<string, unknown>)[key] ?? null)}`)
      .join(", "),
  )
  return labels.map((label, i) =>
    label === "" || labels.indexOf(label) !== labels.lastIndexOf(label)
      ? [label, runs[i]!.id.slice(0, 8)].filter((part) => part !== "").join(", ")
      : label,
  )
}
