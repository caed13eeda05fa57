/** A figure of the speeds as SVG. */
import * as vega from "vega"
import { compile, type TopLevelSpec } from "vega-lite"
import { type CaseResult, speed } from "./Measure.ts"

interface Point {
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
        speed: speed(ours, theirs).median,
      }))
  })

const spec = (results: ReadonlyArray<CaseResult>): TopLevelSpec => ({
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  data: { values: [...points(results)] },
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

export const svg = (results: ReadonlyArray<CaseResult>): Promise<string> =>
  new vega.View(vega.parse(compile(spec(results)).spec), { renderer: "none" }).toSVG()
