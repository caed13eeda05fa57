import type { Schema } from "effect"
import { shown } from "./Numbers.ts"
import * as Reference from "./Reference.ts"
import { bounded, filters, labelled, table, values } from "./Rows.ts"

/**
 * A picture as a Vega-Lite specification: data that can be stored, tested and drawn.
 *
 * Its data are `{ name: "table" }`, the rows of the experiment by reference, or `{ values }` with rows of its own, such as means
 * or predictions. Every row that `where` does not exclude must have a place on its axes; `problems` names those without one.
 */
export interface Figure {
  /** Unique within the experiment, in kebab case; it names the file. */
  readonly id: string
  readonly title: string
  /** Caption of a sentence or two, which describes the visible effect. A label that it quotes must be drawn. */
  readonly caption: string
  /** Sentence before the caption that the expectations of the experiment check: it is shown only where they hold. */
  readonly conclusion?: string
  readonly spec: Schema.JsonObject
}

export interface Axis<Row> {
  readonly field: keyof Row & string
  readonly title: string
  /** `integers` has ticks only at integers; `names` has a place for each value in the order of the rows. Default linear. */
  readonly scale?: "linear" | "log" | "symlog" | "integers" | "names"
  /** Values below the floor are drawn at it with a mark; this is the place of zeros on a logarithmic axis. */
  readonly floor?: number
  /** Values above the ceiling are drawn at it with a mark. */
  readonly ceiling?: number
}

/** Column that distinguishes series or panels; a second one is added to the name unless it is 0 or empty. */
interface Series<Row> {
  readonly field: keyof Row & string
  readonly title: string
  readonly and?: keyof Row & string
}

/** Rows to draw: those whose columns have the named value, or one of the named values. */
export type Where<Row> = {
  readonly [Column in keyof Row]?: Row[Column] | ReadonlyArray<Row[Column]>
}

interface ChartOptions<Row> {
  readonly id: string
  readonly title: string
  /** Description of the marks; optional beside a conclusion. */
  readonly caption?: string
  /** Sentence that is shown only where the expectations of the experiment hold. */
  readonly conclusion?: string
  /** The figure's own rows; default the table of the experiment. */
  readonly rows?: ReadonlyArray<Row> | undefined
  readonly where?: Where<Row> | undefined
  readonly x: Axis<Row>
  readonly y: Axis<Row>
  /** One colour per value. */
  readonly series?: Series<Row>
  /** One dash pattern per value; only for lines. */
  readonly dash?: Series<Row>
  /** Column with the number of rows that a point represents, shown by its area. */
  readonly weight?: Omit<Series<Row>, "and">
  /** One panel per value; all panels share their axes, except for an axis that each has of its own. */
  readonly panel?: Series<Row> & { readonly own?: "x" | "y" }
  /** Lines in addition to the rows: slopes, diagonals, predicted values. Only for a figure without `dash`. */
  readonly references?: ReadonlyArray<Reference.Reference>
  /**
   * Columns with the ends of an interval, drawn as bars at points or as a band along lines. The interval is along x if y has
   * names.
   */
  readonly interval?: { readonly low: keyof Row & string; readonly high: keyof Row & string }
  /** Joins points with the same value of the column, such as one seed under several treatments. */
  readonly pairs?: keyof Row & string
  /** Rows that are marked by a cross, and its meaning: divergence is drawn and not left out. */
  readonly events?: ReadonlyArray<{ readonly label: string; readonly where: Where<Row> }>
}

const quantitative = <Row>({ field, scale = "linear", title }: Axis<Row>): Schema.JsonObject => {
  if (scale === "names") {
    return { field, title, type: "nominal", sort: null, axis: { labelAngle: 0 } }
  }
  const isInteger = scale === "integers"
  return {
    field,
    title,
    type: "quantitative",
    scale: {
      type: isInteger ? "linear" : scale,
      nice: true,
      // a logarithmic scale has no zero to leave out, and warns of it
      ...(scale === "log" ? {} : { zero: false }),
    },
    ...(isInteger ? { axis: { format: "d", tickMinStep: 1 } } : {}),
  }
}

const labelOf = <Row>({ and, field }: Series<Row>): string =>
  and === undefined ? field : `${field}, ${and}`

/** A field of names in order of first occurrence, not in alphabetical order. */
const nominal = <Row>(series: Series<Row>) => ({
  field: labelOf(series),
  title: series.title,
  type: "nominal",
  sort: null,
})

/** Data of a specification, its own rows or the table, with the transforms before drawing. */
const drawn = <Row>(
  { rows, where = {} }: Pick<ChartOptions<Row>, "rows" | "where">,
  further: Iterable<Schema.JsonObject> = [],
): { readonly data: Schema.JsonObject; readonly transform?: Schema.JsonArray } => {
  const transform = [...filters(where), ...further]
  return {
    data: rows === undefined ? table : { values: values(rows as ReadonlyArray<object>) },
    ...(transform.length === 0 ? {} : { transform }),
  }
}

/** Bounds of the axes, as transforms that clip values and mark the clipped ones. */
const bounds = <Row>(axes: ReadonlyArray<Axis<Row>>) =>
  axes.flatMap(({ ceiling, field, floor, title }) => [
    ...(floor === undefined
      ? []
      : [
          {
            step: bounded(field, "<", floor),
            label: `${title}: ${shown(floor)} or less`,
            shape: "triangle-down",
            filter: { field, lte: floor },
          },
        ]),
    ...(ceiling === undefined
      ? []
      : [
          {
            step: bounded(field, ">", ceiling),
            label: `${title}: ${shown(ceiling)} or more`,
            shape: "triangle-up",
            filter: { field, gte: ceiling },
          },
        ]),
  ])

/** A cross as a path: Vega's own is upright, and hard to see among grid lines. */
const cross = "M-0.7,-0.7L0.7,0.7M0.7,-0.7L-0.7,0.7"

type Heading = Omit<Figure, "spec">

const headingOf = ({
  caption = "",
  conclusion,
  id,
  title,
}: Pick<ChartOptions<object>, keyof Heading>): Heading => ({
  id,
  title,
  caption,
  ...(conclusion !== undefined && { conclusion }),
})

const chart = <Row extends object>(
  mark: Schema.JsonObject,
  options: ChartOptions<Row>,
  order?: keyof Row & string,
): Figure => {
  const { dash, events = [], interval, pairs, panel, references = [] } = options
  const { series, weight } = options
  const [x, y] = [quantitative(options.x), quantitative(options.y)]
  const names = [series, dash, panel].filter((each) => each !== undefined)
  const labels = new Map(
    names.flatMap((each) =>
      each.and === undefined ? [] : [[labelOf(each), labelled(each.field, each.and)] as const],
    ),
  )
  const beyond = bounds([options.x, options.y])
  const isLine = mark["type"] === "line"
  const legend = isLine ? { legend: { symbolType: "stroke" } } : {}
  const color = series === undefined ? {} : { color: { ...nominal(series), ...legend } }
  const encoding = {
    x,
    y,
    ...color,
    ...(dash === undefined ? {} : { strokeDash: nominal(dash) }),
    ...(weight === undefined ? {} : { size: { ...weight, type: "quantitative" } }),
    ...(order === undefined ? {} : { order: { field: order, type: "quantitative" } }),
  }
  const measured = options.y.scale === "names" ? "x" : "y"
  const between =
    interval === undefined
      ? []
      : [
          {
            mark: isLine
              ? { type: "area", opacity: 0.18, clip: true }
              : { type: "rule", strokeWidth: 1.5, clip: true },
            encoding: Object.assign({}, encoding, {
              [measured]: Object.assign({}, encoding[measured], { field: interval.low }),
              [`${measured}2`]: { field: interval.high },
            }),
          },
        ]
  const marked = [
    ...beyond.map(({ filter, label, shape }) => ({ label, shape, transform: [{ filter }] })),
    ...events.map(({ label, where }) => ({ label, shape: cross, transform: filters(where) })),
  ]
  const shapes = {
    domain: marked.map(({ label }) => label),
    range: marked.map(({ shape }) => shape),
  }
  const layer = [
    ...between,
    ...(pairs === undefined
      ? []
      : [
          {
            mark: { type: "line", style: "pair", clip: true },
            encoding: { x, y, detail: { field: pairs, type: "nominal" } },
          },
        ]),
    { mark, encoding },
    // dashed, they hide nothing
    ...Reference.layersOf(references, { x, y }),
    ...marked.map(({ label, transform }) => ({
      transform,
      mark: { type: "point", style: "marked" },
      encoding: {
        x,
        y,
        ...color,
        shape: { datum: label, type: "nominal", title: null, scale: shapes },
      },
    })),
  ]
  const data = drawn(options, [...labels.values(), ...beyond.map(({ step }) => step)])
  const own = panel?.own === undefined ? {} : { resolve: { scale: { [panel.own]: "independent" } } }
  const heading = headingOf(options)
  const facet = panel === undefined ? undefined : { ...nominal(panel), columns: 2 }
  if (layer.length === 1) {
    const panels = facet === undefined ? {} : { facet }
    return {
      ...heading,
      spec: { ...data, ...own, mark, encoding: { ...encoding, ...panels } },
    }
  }
  if (panel === undefined) return { ...heading, spec: { ...data, layer } }
  const facets = { facet: nominal(panel), columns: 2, spec: { layer } }
  return { ...heading, spec: { ...data, ...own, ...facets } }
}

/** Lines through the rows in the order of x. */
export const lines = <Row extends object>(options: ChartOptions<Row>): Figure =>
  chart({ type: "line", interpolate: "linear", clip: true }, options)

/** A path through the rows in their own order: a trajectory in the plane. */
export const path = <Row extends object>(
  options: ChartOptions<Row> & { readonly order: keyof Row & string },
): Figure => chart({ type: "line", clip: true }, options, options.order)

/** One point per row. */
export const points = <Row extends object>(options: ChartOptions<Row>): Figure =>
  // at the edge of the figure, half of a clipped point would be missing
  chart({ type: "point", filled: true, size: 45, opacity: 0.8 }, options)

/**
 * A figure of another kind: a specification without data, over the experiment's table or its own rows. Reports accept marks,
 * encodings, layers, panels, filters and calculations, but no loading and no unbounded computation; `problems` lists violations.
 */
export const custom = <Row extends object>({
  rows,
  spec,
  where,
  ...heading
}: Pick<ChartOptions<Row>, keyof Heading | "rows" | "where"> & {
  readonly spec: Schema.JsonObject
}): Figure => ({
  ...headingOf(heading),
  spec: Object.assign(drawn({ rows, where }), spec),
})

/** The figure with further Vega-Lite transforms before drawing, such as `{ filter: { field: "step", gt: 0 } }`. */
export const transformed = (
  { spec, ...heading }: Figure,
  ...steps: ReadonlyArray<Schema.JsonObject>
): Figure => {
  const before = (spec["transform"] ?? []) as Schema.JsonArray
  return { ...heading, spec: Object.assign({}, spec, { transform: [...before, ...steps] }) }
}
