/** Trials as lines across one axis per setting: parallel coordinates, as a figure with its own rows. */
import { significant } from "@nonconvex/numerics/Decimal"
import type { Row } from "@nonconvex/evidence/Experiment"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Figure } from "../page/Draw.ts"

type Cell = Row[string]

interface Axis {
  readonly name: string
  /** Position of a value, from 0 at the bottom to 1 at the top. */
  readonly placeOf: (value: Cell) => number
  /** Labels at positions of the axis. */
  readonly ticks: ReadonlyArray<readonly [place: number, label: string]>
}

/** Numbers in as few digits as distinguish them, at least four. */
const short = (values: ReadonlyArray<number>): ReadonlyArray<string> => {
  for (let digits = 4; ; digits++) {
    const labels = values.map((value) => significant(value, digits))
    if (digits === 12 || new Set(labels).size === new Set(values).size) return labels
  }
}

/** Ratio from which on a logarithmic axis is better. */
const wide = 50

const numericAxis = (name: string, values: ReadonlyArray<number>): Axis => {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  )
  const isLog = low > 0 && high / low >= wide
  const scaled = isLog ? Elementary.log : (value: number) => value
  const [from, to] = [scaled(low), scaled(high)]
  const placeOf = (value: Cell) =>
    to === from ? 0.5 : (scaled(Number(value)) - from) / (to - from)
  const distinct = [...new Set(values)].toSorted((a, b) => a - b)
  const marked = distinct.length <= 6 ? distinct : [low, high]
  const labels = short(marked)
  return { name, placeOf, ticks: marked.map((value, i) => [placeOf(value), labels[i]!] as const) }
}

/** Maximum number of labels that fit beside an axis. */
const mostNames = 12

const namedAxis = (name: string, values: ReadonlyArray<Cell>): Axis => {
  const names = [...new Set(values.map(String))].toSorted()
  const placeOf = (value: Cell) =>
    names.length === 1 ? 0.5 : names.indexOf(String(value)) / (names.length - 1)
  const stride = Math.ceil(names.length / mostNames)
  const marked = names.filter((_, i) => i % stride === 0)
  return { name, placeOf, ticks: marked.map((each) => [placeOf(each), each]) }
}

const isNumber = (value: Cell | undefined): value is number =>
  typeof value === "number" && Number.isFinite(value)

const axisOf = (name: string, rows: ReadonlyArray<Row>): Axis => {
  const values = rows.map((row) => row[name]!)
  return values.every(isNumber) ? numericAxis(name, values) : namedAxis(name, values)
}

/** Maximum number of lines that can be distinguished. */
const mostLines = 1000

/**
 * Figure with a line for each trial that has a value in every column, coloured by a numeric last column. Undefined with fewer
 * than two columns or two trials.
 */
export const parallel = (
  rows: ReadonlyArray<Row>,
  columns: ReadonlyArray<string>,
): Figure | undefined => {
  const whole = rows.filter((row) =>
    columns.every((name) => (typeof row[name] === "number" ? isNumber(row[name]) : name in row)),
  )
  const stride = Math.ceil(whole.length / mostLines)
  const shown = whole.filter((_, i) => i % stride === 0)
  if (columns.length < 2 || shown.length < 2) return undefined
  const axes = columns.map((name) => axisOf(name, shown))
  const last = axes.at(-1)!
  const lines = shown.flatMap((row, trial) =>
    axes.map(({ name, placeOf }) => ({
      trial,
      axis: name,
      place: placeOf(row[name]!),
      value: row[name]!,
      [last.name]: row[last.name]!,
    })),
  )
  const ticks = axes.flatMap(({ name, ticks: marked }) =>
    marked.map(([place, label]) => ({ axis: name, place, label })),
  )
  const isColoured = shown.every((row) => isNumber(row[last.name]))
  const x = {
    field: "axis",
    type: "nominal",
    sort: null,
    title: null,
    axis: { labelAngle: 0, grid: true },
    scale: { type: "point" },
  }
  const y = { field: "place", type: "quantitative", axis: null }
  const left = rows.length - shown.length
  return {
    id: "parallel",
    title: "Trials across their settings",
    caption: `Each line is a trial, and each axis a setting${last.name === "metric" ? " or the metric" : ""}.${
      left === 0
        ? ""
        : ` ${left} of ${rows.length} trials are not drawn: they have no number yet, or there are too many.`
    }`,
    spec: {
      layer: [
        {
          data: { values: lines },
          mark: { type: "line", opacity: 0.55, strokeWidth: 1.5 },
          encoding: {
            x,
            y,
            detail: { field: "trial", type: "nominal" },
            ...(isColoured && {
              color: {
                field: last.name,
                type: "quantitative",
                scale: { scheme: "viridis" },
                title: last.name,
              },
            }),
          },
        },
        {
          data: { values: ticks },
          mark: { type: "text", align: "right", dx: -6, fontSize: 11 },
          encoding: { x, y, text: { field: "label", type: "nominal" } },
        },
      ],
    },
  }
}
