/** A figure of the speeds as SVG: a panel for each kind of work, a row for each case. */
import { withTextWidths } from "@nonconvex/figures/internal/page"
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import { type CaseResult, speed } from "./Measure.ts"
import type { Runs } from "./Performance.ts"

export interface Point {
  /** The kind of work: a panel. */
  readonly kind: string
  readonly work: string
  readonly implementation: string
  /** Their time over ours: above 1, ours is faster. */
  readonly speed: number
  readonly isFastest: boolean
}

const marked = (points: ReadonlyArray<Omit<Point, "isFastest">>): ReadonlyArray<Point> => {
  const least = Math.min(...points.map((point) => point.speed))
  return points.map((point) => ({ ...point, isFastest: point.speed === least }))
}

/** Our first implementation of each case against every peer. */
export const points = (results: ReadonlyArray<CaseResult>): ReadonlyArray<Point> =>
  results.flatMap(({ case: { name }, measured, workload }) => {
    const ours = measured.find(({ own }) => own)
    if (ours === undefined) return []
    const theirs = measured.filter(({ own }) => !own)
    return marked(
      theirs.map((each) => ({
        kind: workload,
        work: name,
        implementation: each.implementation,
        speed: speed(ours, each),
      })),
    )
  })

/** The fastest of ours in each case against every peer, of runs that are kept; `nameOf` names a workload. */
export const pointsOf = (runs: Runs, nameOf: (workload: string) => string): ReadonlyArray<Point> =>
  Object.entries(runs).flatMap(([workload, { lines }]) =>
    lines.flatMap(({ peers, work }) =>
      marked(
        peers.map(({ name, speed: times }) => ({
          kind: nameOf(workload),
          work,
          implementation: name,
          speed: times,
        })),
      ),
    ),
  )

const ours = "#0072b2"

const places = {
  y: { field: "work", type: "nominal", sort: null, axis: null },
  x: {
    field: "speed",
    type: "quantitative",
    title: null,
    scale: { type: "log", padding: 8, nice: false },
    axis: {
      values: [1, 10, 100, 1000, 10_000] as Array<number>,
      format: ",",
      labelFontSize: 11,
      labelOverlap: false,
      labelFlush: false,
    },
  },
} as const

const spec = (values: ReadonlyArray<Point>): TopLevelSpec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  data: { values: [...values] },
  columns: 3,
  // without a canvas the widths of words are not known
  bounds: "flush",
  spacing: { row: 52, column: 26 },
  title: {
    text: "Time of each peer over ours",
    subtitle:
      "A row is a case; its blue point is the fastest peer. Right of the dashed line ours is faster.",
    anchor: "start",
    fontSize: 14,
    subtitleFontSize: 12,
    subtitlePadding: 4,
    offset: 26,
  },
  facet: {
    field: "kind",
    type: "nominal",
    sort: null,
    title: null,
    header: { labelFontSize: 12, labelAnchor: "start", labelLimit: 0, labelPadding: 4 },
  },
  spec: {
    width: 216,
    height: 84,
    layer: [
      {
        mark: { type: "rule", color: "#1f2328", strokeDash: [4, 3] },
        encoding: { x: { datum: 1, type: "quantitative" } },
      },
      {
        mark: { type: "point", filled: true, size: 22, color: "#8b949e", opacity: 0.9 },
        transform: [{ filter: "!datum.isFastest" }],
        encoding: places,
      },
      {
        mark: { type: "point", filled: true, size: 42, color: ours, opacity: 1 },
        transform: [{ filter: "datum.isFastest" }],
        encoding: places,
      },
    ],
  },
  resolve: { scale: { y: "independent" }, axis: { x: "independent" } },
  config: {
    view: { stroke: "#e4e7eb" },
    axis: { gridColor: "#e4e7eb", domainColor: "#9aa4af", tickColor: "#9aa4af" },
    font: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  },
})

export const svg = (values: ReadonlyArray<Point>): Promise<string> => {
  const { parse, View } = withTextWidths(vega)
  return new View(parse(compile(spec(values)).spec), { renderer: "none" }).toSVG()
}
