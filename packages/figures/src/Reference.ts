/** Reference lines, dashed and named in the legend: the slope of a law, a diagonal, a guaranteed value, a theoretical curve. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Schema } from "effect"
import { extentOf } from "./Extent.ts"
import { textOf } from "./Rows.ts"

/** A line of a figure without rows: through its points, or across the whole figure if it has only one coordinate. */
export interface Reference {
  readonly label: string
  readonly points: ReadonlyArray<{ readonly x?: number; readonly y?: number }>
}

/** A curve through points. */
export const curve = (
  label: string,
  points: ReadonlyArray<readonly [x: number, y: number]>,
): Reference => ({ label, points: points.map(([x, y]) => ({ x, y })) })

/** The diagonal y = x over the range of some values, for axes with the same quantity. */
export const diagonal = (label: string, values: ReadonlyArray<number>): Reference =>
  curve(
    label,
    extentOf(values).map((end) => [end, end] as const),
  )

/** A power of x over the range of positive points, through their middle: parallel to a power law on logarithmic axes. */
export const slope = (
  label: string,
  exponent: number,
  points: ReadonlyArray<readonly [x: number, y: number]>,
): Reference => {
  const mean = (values: ReadonlyArray<number>) =>
    Elementary.exp(values.reduce((sum, value) => sum + Elementary.log(value), 0) / values.length)
  const [across, up] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [x0, y0] = [mean(across), mean(up)]
  return curve(
    label,
    extentOf(across).map((x) => [x, y0 * Elementary.pow(x / x0, exponent)] as const),
  )
}

/** A horizontal line at a value of y, across the figure. */
export const level = (label: string, y: number): Reference => ({ label, points: [{ y }] })

/** A vertical line at a value of x, from bottom to top. */
export const upright = (label: string, x: number): Reference => ({ label, points: [{ x }] })

/** Column that names a reference. */
export const referenceField = "reference"

const dashes = [
  [6, 4],
  [2, 3],
  [9, 3, 2, 3],
  [1, 5],
]

/** Layers that draw references, on the axes of the figure. */
export const layersOf = (
  references: ReadonlyArray<Reference>,
  { x, y }: { readonly x: Schema.JsonObject; readonly y: Schema.JsonObject },
): ReadonlyArray<Schema.JsonObject> => {
  const labels = references.map(({ label }) => label)
  const strokeDash = {
    field: referenceField,
    type: "nominal",
    title: null,
    sort: null,
    // long enough for a dash to be told from another
    legend: { symbolType: "stroke", symbolSize: 700 },
    scale: { domain: labels, range: labels.map((_, i) => dashes[i % dashes.length]!) },
  }
  const rows = references.flatMap(({ label, points }) =>
    points.map((point) => ({
      [referenceField]: label,
      ...(point.x === undefined ? {} : { [textOf(x["field"])]: point.x }),
      ...(point.y === undefined ? {} : { [textOf(y["field"])]: point.y }),
    })),
  )
  const layer = (type: "line" | "rule", axes: Schema.JsonObject) => {
    const fields = Object.values(axes).map((axis) => textOf((axis as Schema.JsonObject)["field"]))
    const own = rows.filter((row) => Object.keys(row).length === fields.length + 1)
    const values = own.filter((row) => fields.every((field) => field in row))
    return values.length === 0
      ? []
      : [
          {
            data: { values },
            mark: { type, style: "reference", clip: true },
            encoding: Object.assign({ strokeDash }, axes),
          },
        ]
  }
  return [...layer("line", { x, y }), ...layer("rule", { x }), ...layer("rule", { y })]
}
