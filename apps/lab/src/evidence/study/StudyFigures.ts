/** Figures of a study: means over seeds with their intervals, as specifications with their own rows. */
import * as Figure from "@nonconvex/figures"
import type { Schema } from "effect"
import * as Table from "../../cli/TextTable.ts"
import type { Value } from "../runs/Clause.ts"
import * as Groups from "./StudyGroups.ts"
import * as Clause from "../runs/Clause.ts"
import { bySeed, clause, type Rows } from "./Judgement.ts"
import type { StudyFigure } from "./Preregistration.ts"

type Axis = StudyFigure["x"]

type Drawn = Readonly<Record<string, Value>>

const quantitative = (field: string, { scale = "linear", title }: Axis) => ({
  field,
  title,
  type: "quantitative",
  scale: { type: scale, nice: true, ...(scale === "linear" ? { zero: false } : {}) },
})

/** An interval on a logarithmic axis extends below the axis if its end has no logarithm. */
const clippedLow = (
  rows: ReadonlyArray<Drawn>,
  { scale = "linear" }: Axis,
): ReadonlyArray<Drawn> => {
  if (scale !== "log") return rows
  const positive = rows.map((row) => Number(row["mean"])).filter((value) => value > 0)
  const least = positive.reduce((lowest, value) => Math.min(lowest, value), Infinity) / 10
  return rows.map((row) => ({ ...row, low: Math.max(Number(row["low"]), least) }))
}

const named = (
  { panel, series }: StudyFigure,
  rows: Rows,
): {
  readonly encoding: { readonly color?: Schema.JsonObject }
  readonly facet?: Schema.JsonObject
} => {
  const nominal = ({ field, title }: Axis): Schema.JsonObject => ({
    field,
    title,
    type: "nominal",
    sort: [...Groups.ordered(rows, field)],
  })
  return {
    encoding: series === undefined ? {} : { color: nominal(series) },
    ...(panel === undefined ? {} : { facet: nominal(panel) }),
  }
}

const inPanels = (
  facet: Schema.JsonObject | undefined,
  spec: Schema.JsonObject,
): Schema.JsonObject => (facet === undefined ? spec : { facet, columns: 2, spec })

/** Means of `y` over a column, or over the mean of another, with intervals if at least half of the seeds have a number. */
const joined = (
  figure: StudyFigure,
  rows: Rows,
): readonly [ReadonlyArray<Drawn>, Schema.JsonObject] => {
  const { kind, over, panel, point, series, x, y } = figure
  const names = [...new Set([series, panel].flatMap((each) => each?.field ?? []))]
  const seeds = bySeed(rows).size
  const along = kind === "plane" ? point! : x.field
  const means = Groups.of(rows, [...names, along]).map(({ rows: group, values }): Drawn => {
    const { count, high, low, mean } =
      over === undefined
        ? Groups.mean(group, y.field)
        : Groups.meanRatio(group, y.field, over.field)
    // of few seeds an interval is wider than all that is to be seen
    const isSure = 2 * count >= seeds
    return {
      ...Object.fromEntries(names.map((name, at) => [name, values[at]!])),
      x: kind === "plane" ? Groups.mean(group, x.field).mean : values.at(-1)!,
      along: values.at(-1)!,
      mean,
      low: isSure ? low : mean,
      high: isSure ? high : mean,
    }
  })
  const { encoding, facet } = named(figure, rows)
  const places = { x: quantitative("x", x), y: quantitative("mean", y), ...encoding }
  const bounds = { ...places, y: { ...places.y, field: "low" }, y2: { field: "high" } }
  const even = over === undefined ? [] : [Figure.level(over.even, 1)]
  // names have no order: their points are not joined, and have their names beside them
  const hasOrder = kind === "lines" || means.every((row) => typeof row["along"] === "number")
  const order = { field: kind === "plane" ? "along" : "x", type: "quantitative" }
  const text = { field: "along", type: "nominal" }
  const xs = means.map((row) => Number(row["x"])).filter(Number.isFinite)
  const middle = xs.reduce((sum, each) => sum + each, 0) / xs.length
  // names stand towards the middle, so that none leaves the frame
  const namesOn = (side: "lte" | "gt", align: "left" | "right") => ({
    transform: [{ filter: { field: "x", [side]: middle } }],
    mark: { type: "text", align, dx: align === "left" ? 8 : -8 },
    encoding: { ...places, text },
  })
  const between = hasOrder
    ? [
        {
          mark: { type: "line", interpolate: "linear", clip: true },
          encoding: { ...places, order },
        },
      ]
    : along === series?.field
      ? []
      : [namesOn("lte", "left"), namesOn("gt", "right")]
  // each with places of its own: series that lie upon each other are then drawn in several widths
  const layers = {
    layer: [
      ...between,
      { mark: { type: "rule", opacity: 0.6 }, encoding: bounds },
      { mark: { type: "point", filled: true, size: 40 }, encoding: places },
      ...Figure.layersOf(even, { x: places.x, y: places.y }),
    ],
  }
  return [clippedLow(means, y), inPanels(facet, layers)]
}

/** A square for each pair of settings, with its number. */
const map = (
  figure: StudyFigure,
  rows: Rows,
): readonly [ReadonlyArray<Drawn>, Schema.JsonObject] => {
  const { colour, panel, series, x, y } = figure
  const facet = panel ?? series
  const names = facet === undefined ? [] : [facet.field]
  const squares = Groups.of(rows, [...names, x.field, y.field]).map(
    ({ rows: group, values }): Drawn => {
      const { mean } = Groups.mean(group, colour!.field)
      return {
        ...Object.fromEntries(names.map((name, at) => [name, values[at]!])),
        x: String(values.at(-2)),
        y: String(values.at(-1)),
        mean,
        shown: Number.isFinite(mean) ? String(Number(mean.toPrecision(3))) : "none",
      }
    },
  )
  const means = squares.map(({ mean }) => Number(mean)).filter(Number.isFinite)
  const least = means.reduce((lowest, mean) => Math.min(lowest, mean), Infinity)
  const middle = (least + means.reduce((most, mean) => Math.max(most, mean), -Infinity)) / 2
  const texts = (column: string) => Groups.ordered(rows, column).map(String)
  const spec = {
    layer: [
      {
        mark: "rect",
        encoding: {
          color: {
            field: "mean",
            title: colour!.title,
            type: "quantitative",
            scale: { type: colour!.scale ?? "linear", scheme: "viridis" },
          },
        },
      },
      {
        mark: { type: "text", fontSize: 11 },
        encoding: {
          text: { field: "shown" },
          // dark squares are those of small numbers
          color: { condition: { test: `datum.mean > ${middle}`, value: "#111" }, value: "#fff" },
        },
      },
    ],
    encoding: {
      x: { field: "x", title: x.title, type: "ordinal", sort: texts(x.field) },
      y: { field: "y", title: y.title, type: "ordinal", sort: texts(y.field).toReversed() },
    },
  }
  const encoded = facet === undefined ? undefined : named({ ...figure, panel: facet }, rows).facet
  return [squares, inPanels(encoded, spec)]
}

/** Rows once for each tolerance, with whether they are within it. */
const atTolerances = (rows: Rows, { tolerances }: StudyFigure): Rows =>
  tolerances === undefined
    ? rows
    : rows.flatMap((row) =>
        tolerances.at.map((tolerance) => ({
          ...row,
          tolerance,
          within: Number(row[tolerances.of] ?? Number.NaN) <= tolerance,
        })),
      )

/** A figure over the rows of a study. Throws `BadExpression` if the rows lack a plotted column. */
export const draw =
  (whole: Rows) =>
  (figure: StudyFigure): Figure.Figure => {
    const rows = atTolerances(Clause.fitting(whole, clause(figure.where)), figure)
    const [all, spec] = figure.kind === "map" ? map(figure, rows) : joined(figure, rows)
    const { caption, id, title } = figure
    const drawn = all.filter(({ mean, x }) => !Number.isNaN(mean) && !Number.isNaN(x))
    const left = all.length - drawn.length
    const without =
      left === 0
        ? ""
        : ` ${Table.plural(left, "group")} of ${all.length} omitted, since no seed has a number.`
    return Figure.custom({ id, title, caption: caption + without, rows: drawn, spec })
  }
