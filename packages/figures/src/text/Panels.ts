/** Figures of experiments as text, from the same specifications that a page draws. */
import type { Schema } from "effect"
import { grouped, isObject } from "../Rows.ts"
import type { Figure } from "../Specification.ts"
import { columnOf, type View, views } from "../View.ts"
import * as Plot from "./Plot.ts"

type Panels = ReadonlyMap<string, Plot.Plot>

const axisOf = (
  view: View,
  channel: "x" | "y",
): (Plot.Axis & { readonly field: string }) | undefined => {
  const [field, definition] = [columnOf(view, channel), view.encoding[channel]]
  if (field === undefined || !isObject(definition) || definition["type"] !== "quantitative") {
    return undefined
  }
  const scale = isObject(definition["scale"]) ? (definition["scale"]["type"] ?? "linear") : "linear"
  const title = typeof definition["title"] === "string" ? definition["title"] : field
  return scale === "linear" || scale === "log" || scale === "symlog"
    ? { field, title, scale }
    : undefined
}

/** Panels of a figure, or of its first layer that text can show; undefined for kinds other than lines and points. */
export const panelsOf = (spec: Schema.Json, table: ReadonlyArray<object>): Panels | undefined =>
  views(spec, table)
    // what stands beside the rows comes after what draws them
    .toSorted((a, b) => Number(a.style !== undefined) - Number(b.style !== undefined))
    .map(panelsOfOne)
    .find((each) => each !== undefined)

const panelsOfOne = (view: View): Panels | undefined => {
  const { isWhole, mark, rows } = view
  const [x, y] = [axisOf(view, "x"), axisOf(view, "y")]
  const isPlain = isWhole && (mark === "line" || mark === "point")
  if (!isPlain || x === undefined || y === undefined) return undefined
  // as Vega-Lite does: in the order of x, or of the column that a path names
  const order = columnOf(view, "order") ?? x.field
  const curvesOf = (part: View["rows"]) =>
    Array.from(
      grouped(part, [columnOf(view, "color"), columnOf(view, "strokeDash")]),
      ([name, each]): Plot.Curve => ({
        name,
        points: each
          .toSorted((a, b) => Number(a[order]) - Number(b[order]))
          .map((row) => [Number(row[x.field] ?? NaN), Number(row[y.field] ?? NaN)] as const),
      }),
    )
  return new Map(
    Array.from(
      grouped(rows, [columnOf(view, "facet")]),
      ([name, part]) => [name, { x, y, curves: curvesOf(part), joined: mark === "line" }] as const,
    ),
  )
}

/** Figures, and the table that they refer to. */
interface Drawable {
  readonly figures: ReadonlyArray<Omit<Figure, "spec"> & { readonly spec: Schema.Json }>
  readonly rows: ReadonlyArray<object>
}

/** Maximum number of panels to draw; the files have all. */
const most = 2

/** The first figure of a result that text can show, with its omissions. Empty if there is none. */
export const render = ({ figures, rows }: Drawable, look: Plot.Look): ReadonlyArray<string> => {
  for (const { caption, spec, title } of figures) {
    const panels = [...(panelsOf(spec, rows) ?? [])]
    const pictures = panels.slice(0, most).flatMap(([name, plot]) => {
      const picture = Plot.render(plot, look)
      return picture.length === 0 ? [] : [[...(name === "" ? [] : [name]), ...picture]]
    })
    if (pictures.length === 0) continue
    const left = figures.length - 1 + Math.max(0, panels.length - most)
    return [
      title,
      ...pictures.flat(),
      caption,
      ...(left > 0 ? [`${left} more panels: --out draws all`] : []),
    ]
  }
  return []
}
