/** A figure of the speeds as SVG. */
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import { type CaseResult, speed } from "./Measure.ts"
import type { Line } from "./Performance.ts"

export interface Point {
  readonly work: string
  readonly implementation: string
  /** Their time over ours: above 1, ours is faster. */
  readonly speed: number
}

/** Our first implementation of each case against every peer. */
export const points = (results: ReadonlyArray<CaseResult>): ReadonlyArray<Point> =>
  results.flatMap(({ case: { name }, measured }) => {
    const ours = measured.find(({ own }) => own)
    if (ours === undefined) return []
    return measured
      .filter(({ own }) => !own)
      .map((theirs) => ({
        work: name,
        implementation: theirs.implementation,
        speed: speed(ours, theirs),
      }))
  })

/** The fastest of ours in each case against every peer, of runs that are kept. */
export const pointsOf = (lines: ReadonlyArray<Line>): ReadonlyArray<Point> =>
  lines.flatMap(({ peers, work }) =>
    peers.map(({ name, speed: times }) => ({ work, implementation: name, speed: times })),
  )

const spec = (values: ReadonlyArray<Point>): TopLevelSpec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  data: { values: [...values] },
  width: 480,
  height: { step: 18 },
  layer: [
    {
      mark: { type: "point", filled: true, size: 70 },
      encoding: {
        y: { field: "work", type: "nominal", sort: null, title: null },
        x: {
          field: "speed",
          type: "quantitative",
          scale: { type: "log" },
          title: "time of the peer over ours (right of 1: ours is faster)",
        },
        color: { field: "implementation", type: "nominal", title: "peer" },
      },
    },
    { mark: { type: "rule", strokeDash: [4, 3] }, encoding: { x: { datum: 1 } } },
  ],
  config: { axisY: { labelLimit: 320 } },
})

export const svg = (values: ReadonlyArray<Point>): Promise<string> =>
  new vega.View(vega.parse(compile(spec(values)).spec), { renderer: "none" }).toSVG()
