import { Expectation, experiment, Figure, Rows } from "@nonconvex/evidence"
import { Schema, type Stream } from "effect"
import { accelerated, acceleratedStronglyConvex } from "../../methods/Accelerated.ts"
import { adversary, onTheLine } from "../support/PiecewiseLinear.ts"
import { regularised } from "../../problem/Problem.ts"
import { projectedGradient } from "../../methods/ProjectedGradient.ts"
import type { Scheme } from "../../methods/Scheme.ts"

const Config = Schema.Struct({
  /** Distances of the two starts. */
  deltas: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
  strength: Schema.Finite.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  delta: Schema.Finite,
  method: Schema.String,
  step: Schema.Int,
  /** The largest distance so far, over that of the starts. */
  amplification: Schema.Number,
})
type Row = typeof Row.Type

const methodsOf = (strength: number): ReadonlyArray<readonly [string, Scheme, number]> => [
  ["GD", projectedGradient({ step: 1 }), 0],
  ["AGD", accelerated({ smoothness: 1 }), 0],
  [
    "Reg-AGD",
    acceleratedStronglyConvex({ smoothness: 1 + strength, strongConvexity: strength }),
    strength,
  ],
]

const run = ({ deltas, strength }: Config): Stream.Stream<Row> =>
  Rows.stepwise(function* () {
    for (const delta of deltas) {
      const { f, steps } = adversary(delta)
      for (const [method, scheme, r] of methodsOf(strength)) {
        const [one, two] = [0, delta].map((x) => {
          const start = Float64Array.of(x)
          return scheme.init(regularised(onTheLine(f), r, start), start)
        })
        let largest = 0
        for (let step = 1; step <= steps; step++) {
          scheme.step(one!)
          scheme.step(two!)
          largest = Math.max(largest, Math.abs(one!.point[0]! - two!.point[0]!))
          yield { delta, method, step, amplification: largest / delta }
        }
      }
    }
  })

export const amplification = experiment<Config, Row>({
  id: "reproducible-minimax/amplification",
  title: "A convex function on which acceleration forgets its start",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Table 1, deviation of AGD from inexact starts; the function is derived here",
    basis: "derived here",
  },
  question: "By how much does each method drive two starts apart, step by step?",
  config: Config,
  row: Row,
  presets: {
    smoke: { deltas: [1e-8], strength: 1e-3 },
    fast: { deltas: [1e-10, 1e-8, 1e-6, 1e-4], strength: 1e-3 },
    paper: { deltas: [1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4], strength: 1e-3 },
  },
  paperSeconds: 4,
  rows: ({ deltas }) => deltas.reduce((sum, delta) => sum + 3 * adversary(delta).steps, 0),
  run,
  figures: (rows) => [
    Figure.lines({
      id: "amplification",
      title: "Distance of two runs over the distance of their starts",
      caption:
        "AGD grows by about 1.3 a step until the runs are apart; GD and the regularised method stay at 1.",
      rows,
      x: { field: "step", title: "step" },
      y: { field: "amplification", title: "amplification", scale: "log" },
      series: { field: "method", title: "method" },
      panel: { field: "delta", title: "distance of the starts" },
    }),
  ],
  expectations: (rows, { deltas }) => {
    const last = (method: string, delta: number) =>
      rows.findLast((row) => row.method === method && row.delta === delta)!
    const least = Math.min(...deltas)
    const { amplification: reached, step } = last("AGD", least)
    return [
      Expectation.atLeast("AGD ends with runs that are 0.1 apart", reached * least, 0.1),
      Expectation.within("by a factor of about 1.3 a step", reached ** (1 / step), 1.3, {
        absolute: 0.12,
      }),
      // points lie up to some thousands, where an ulp is 5e-13
      Expectation.atMost(
        "GD never drives runs apart",
        Math.max(...deltas.map((delta) => last("GD", delta).amplification - 4e-12 / delta)),
        1.001,
      ),
      Expectation.atMost(
        "Regularised acceleration never doubles the distance",
        Math.max(...deltas.map((delta) => last("Reg-AGD", delta).amplification - 4e-12 / delta)),
        2,
      ),
    ]
  },
})
