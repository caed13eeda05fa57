/** Figure of a sweep by its number of varied settings: a curve, a heat map, or parallel coordinates. */
import type { Row } from "@nonconvex/evidence/Experiment"
import type { Figure } from "../page/Draw.ts"
import { parallel } from "./Parallel.ts"

const isNumber = (value: unknown): value is number =>
  typeof value === "number" && Number.isFinite(value)

/** Ratio from which on a logarithmic axis is better. */
const wide = 50

const scaleOf = (values: ReadonlyArray<number>) => {
  const positive = values.every((value) => value > 0)
  const ratio = Math.max(...values) / Math.min(...values)
  return positive && ratio >= wide ? { type: "log" } : { zero: false, nice: true }
}

const mean = (values: ReadonlyArray<number>): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Groups of rows with equal values in some columns, with the mean of their metric. */
const grouped = (rows: ReadonlyArray<Row>, names: ReadonlyArray<string>): ReadonlyArray<Row> => {
  const groups = new Map<string, Array<Row>>()
  for (const row of rows) {
    const key = JSON.stringify(names.map((name) => row[name]))
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [row])
    else known.push(row)
  }
  return [...groups.values()].map((all) => ({
    ...Object.fromEntries(names.map((name) => [name, all[0]![name]!])),
    metric: mean(all.map((row) => Number(row["metric"]))),
    trials: all.length,
  }))
}

const curve = (rows: ReadonlyArray<Row>, setting: string, metric: string): Figure => {
  const isCurve = rows.every((row) => isNumber(row[setting]))
  const values = rows.map((row) => Number(row["metric"]))
  const x = isCurve
    ? {
        field: setting,
        type: "quantitative",
        scale: scaleOf(rows.map((row) => Number(row[setting]))),
      }
    : { field: setting, type: "nominal", sort: null }
  const y = { field: "metric", type: "quantitative", title: metric, scale: scaleOf(values) }
  return {
    id: "sweep",
    title: `${metric} against ${setting}`,
    caption: `Points are ${rows.length} trials${isCurve ? "; the line is the mean over seeds" : ""}.`,
    spec: {
      layer: [
        ...(isCurve
          ? [
              {
                data: { values: grouped(rows, [setting]).map((row) => ({ ...row })) },
                mark: { type: "line" },
                encoding: { x, y },
              },
            ]
          : []),
        {
          data: { values: rows.map((row) => ({ ...row })) },
          mark: { type: "point", filled: true, size: 40, opacity: 0.7 },
          encoding: { x, y },
        },
      ],
    },
  }
}

const heatMap = (
  rows: ReadonlyArray<Row>,
  [first, second]: readonly [string, string],
  metric: string,
): Figure => ({
  id: "sweep",
  title: `${metric} by ${first} and ${second}`,
  caption: "Each cell is a configuration, and its colour the mean over seeds.",
  spec: {
    data: { values: grouped(rows, [first, second]).map((row) => ({ ...row })) },
    mark: { type: "rect" },
    encoding: {
      x: { field: first, type: "ordinal" },
      y: { field: second, type: "ordinal", sort: "descending" },
      color: {
        field: "metric",
        type: "quantitative",
        title: metric,
        scale: {
          scheme: "viridis",
          ...(rows.every((row) => Number(row["metric"]) > 0) &&
            scaleOf(rows.map((row) => Number(row["metric"])))),
        },
      },
    },
  },
})

/** Figure of a sweep's trials; undefined if fewer than two have a number. */
export const figureOf = (
  rows: ReadonlyArray<Row>,
  varied: ReadonlyArray<string>,
  metric: string | undefined,
): Figure | undefined => {
  if (metric === undefined) return parallel(rows, [...varied, "seed"])
  const whole = rows.filter(
    (row) => isNumber(row["metric"]) && varied.every((name) => row[name] !== undefined),
  )
  const [first, second] = varied
  if (whole.length < 2 || first === undefined) return parallel(rows, [...varied, "metric"])
  if (second === undefined) return curve(whole, first, metric)
  return varied.length === 2
    ? heatMap(whole, [first, second], metric)
    : parallel(rows, [...varied, "metric"])
}
