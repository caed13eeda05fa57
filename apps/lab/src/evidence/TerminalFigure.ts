/** Figures of experiments as text, from the same specifications that the report draws. */
import type { ExperimentResult, Row } from "@nonconvex/evidence"
import { withTable } from "@nonconvex/evidence/Figure"
import { Effect, type Schema, Terminal } from "effect"
import { TerminalCapabilities } from "effect/cli"
import { paint } from "../cli/Paint.ts"
import * as Plot from "../cli/Plot.ts"
import * as Table from "../cli/TextTable.ts"

type Spec = Schema.Json | undefined

const isObject = (spec: Spec): spec is Schema.JsonObject =>
  typeof spec === "object" && spec !== null && !Array.isArray(spec)

const member = (spec: Spec, ...keys: ReadonlyArray<string>): Spec =>
  keys.reduce<Spec>((at, key) => (isObject(at) ? at[key] : undefined), spec)

const text = (spec: Spec): string | undefined => (typeof spec === "string" ? spec : undefined)

const axisOf = (
  spec: Spec,
  channel: "x" | "y",
): (Plot.Axis & { readonly field: string }) | undefined => {
  const field = text(member(spec, "encoding", channel, "field"))
  if (field === undefined || member(spec, "encoding", channel, "type") !== "quantitative")
    return undefined
  const scale = text(member(spec, "encoding", channel, "scale", "type")) ?? "linear"
  return scale === "linear" || scale === "log" || scale === "symlog"
    ? { field, title: text(member(spec, "encoding", channel, "title")) ?? field, scale }
    : undefined
}

/** Rows by the text of a key, in the order in which they come. */
const grouped = (
  rows: ReadonlyArray<Row>,
  key: (row: Row) => string,
): ReadonlyMap<string, ReadonlyArray<Row>> => {
  const groups = new Map<string, Array<Row>>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group === undefined) groups.set(key(row), [row])
    else group.push(row)
  }
  return groups
}

type Panels = ReadonlyMap<string, Plot.Plot>

/** A layer as a specification of its own: what it does not say is that of the whole. */
const layersOf = (spec: Schema.Json): ReadonlyArray<Schema.JsonObject> => {
  if (!isObject(spec) || !Array.isArray(spec["layer"])) return []
  const { layer, ...whole } = spec
  return (layer as ReadonlyArray<Schema.Json>).filter(isObject).map((each) =>
    Object.assign({}, whole, each, {
      encoding: Object.assign({}, whole["encoding"], each["encoding"]),
    }),
  )
}

/** The panels of a figure, or of its first layer that can be drawn; undefined of other kinds than lines and points. */
export const panelsOf = (spec: Schema.Json, table: ReadonlyArray<Row>): Panels | undefined => {
  const [single, ...layers] = [spec, ...layersOf(spec)].map((each) => panelsOfOne(each, table))
  return single ?? layers.find((each) => each !== undefined)
}

const panelsOfOne = (spec: Schema.Json, table: ReadonlyArray<Row>): Panels | undefined => {
  const whole = withTable(spec, table)
  const mark = text(member(whole, "mark", "type"))
  const [x, y] = [axisOf(whole, "x"), axisOf(whole, "y")]
  const rows = member(whole, "data", "values") as ReadonlyArray<Row> | undefined
  const isPlain = member(whole, "transform") === undefined && (mark === "line" || mark === "point")
  if (!isPlain || x === undefined || y === undefined || rows === undefined) return undefined
  const fieldOf = (channel: string) => text(member(whole, "encoding", channel, "field"))
  const valueOf = (row: Row, field: string | undefined) =>
    field === undefined ? "" : String(row[field] ?? "")
  const [colour, dash, facet] = [fieldOf("color"), fieldOf("strokeDash"), fieldOf("facet")]
  // as Vega-Lite does: in the order of x, or of the column that a path names
  const order = fieldOf("order") ?? x.field
  const curvesOf = (part: ReadonlyArray<Row>) =>
    Array.from(
      grouped(part, (row) =>
        [valueOf(row, colour), valueOf(row, dash)].filter((name) => name !== "").join(", "),
      ),
      ([name, each]): Plot.Curve => ({
        name,
        points: each
          .toSorted((a, b) => Number(a[order]) - Number(b[order]))
          .map((row) => [Number(row[x.field] ?? NaN), Number(row[y.field] ?? NaN)] as const),
      }),
    )
  return new Map(
    Array.from(
      grouped(rows, (row) => valueOf(row, facet)),
      ([name, part]) => [name, { x, y, curves: curvesOf(part), joined: mark === "line" }] as const,
    ),
  )
}

/** Panels that are drawn; the files have all. */
const most = 2

/** The first figure of a result that text can show, with what it leaves out. No line where there is none. */
export const render = (
  { figures, rows }: Pick<ExperimentResult, "figures" | "rows">,
  look: Plot.Look,
): ReadonlyArray<string> => {
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
      ...(left > 0 ? [`${left} more of them: --out draws all`] : []),
    ]
  }
  return []
}

/** The picture where standard output is a terminal, in its width and colours: what is piped stays text for programs. */
export const shown = Effect.fnUntraced(function* (
  result: Pick<ExperimentResult, "figures" | "rows">,
) {
  const { canAnimate } = yield* TerminalCapabilities.TerminalCapabilities
  if (!canAnimate) return []
  const { columns } = yield* Terminal.Terminal
  const width = Math.min(Table.lineWidth(yield* columns), 80)
  return render(result, { width, height: 12, colour: (yield* paint).curve })
})
