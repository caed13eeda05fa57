import { Expectation, experiment, Figure, Rows } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import { Schema, type Stream } from "effect"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised, saddlePoint } from "../../problem/Problem.ts"

const Config = Schema.Struct({
  size: Schema.Int.check(Schema.isGreaterThan(1)),
  delta: Schema.Finite.check(Schema.isGreaterThan(0)),
  strengths: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  strength: Schema.Finite,
  gap: Schema.Number,
  deviation: Schema.Number,
  /** Gap, and deviation times the smoothness: what the answer is off, and what another run's is. */
  total: Schema.Number,
  steps: Schema.Int,
})
type Row = typeof Row.Type

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> =>
  Rows.stepwise(function* () {
    const { delta, size, strengths } = config
    // singular values from 1 to 1e-3: the weak ones are what errors move far
    const matrix = new Float64Array(size * size)
    for (let k = 0; k < size; k++) matrix[k * size + k] = 10 ** ((-3 * k) / (size - 1))
    const game = bilinearGame({ matrix, columns: size, feasible: FeasibleSet.ball(1) })
    const exact = saddlePoint(game, { error: 0 })
    const start = new Float64Array(2 * size)
    RandomStream.make(seed.child("start")).fillNormal(start)
    game.project(start)
    // errors that both players feel in every coordinate, the weak ones too
    const direction = new Float64Array(2 * size).fill(1, 0, size).fill(-1, size)
    for (const strength of strengths) {
      const scheme = extragradient({ step: 0.5 / (exact.smoothness + strength) })
      const states = [1, -1].map((sign) => {
        const errors = ErrorStrategy.constant(direction.map((x) => sign * x))
        return scheme.init(regularised(inexact(exact, errors, delta), strength, start), start)
      })
      const [one, two] = [states[0]!, states[1]!]
      const limit = Math.ceil((60 * exact.smoothness) / strength)
      while (one.steps < limit && Math.max(one.residual, two.residual) > 1e-3 * delta) {
        for (const state of states) scheme.step(state)
        if (one.steps % 64 === 0) yield undefined
      }
      const deviation = Vector.distance(one.candidate, two.candidate)
      const gap = game.dualityGap(one.candidate)
      yield {
        strength,
        gap,
        deviation,
        total: gap + exact.smoothness * deviation,
        steps: one.steps,
      }
    }
  })

const sweep = (from: number, to: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, k) =>
    Number((from * (to / from) ** (k / (count - 1))).toPrecision(3)),
  )

export const tradeOff = experiment<Config, Row>({
  id: "reproducible-minimax/trade-off",
  title: "What the strength of the regularisation trades: gap against deviation",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "section 4: gap of order r, deviation of order delta / r",
    basis: "derived here",
  },
  question: "How do the gap and the deviation of a bilinear game depend on the regularisation?",
  config: Config,
  row: Row,
  presets: {
    smoke: { size: 4, delta: 1e-3, strengths: sweep(1e-3, 10, 7) },
    fast: { size: 6, delta: 1e-3, strengths: sweep(1e-3, 10, 13) },
    paper: { size: 10, delta: 1e-3, strengths: sweep(1e-4, 10, 26) },
  },
  paperSeconds: 10,
  rows: ({ strengths }) => strengths.length,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "trade-off",
      title: "Gap and deviation over the strength",
      caption:
        "The deviation falls as delta / r at most, the gap grows; their sum has its least value between.",
      rows: rows.flatMap(({ deviation, gap, strength, total }) => [
        { strength, quantity: "gap", value: gap },
        { strength, quantity: "deviation", value: deviation },
        { strength, quantity: "both", value: total },
      ]),
      x: { field: "strength", title: "strength r", scale: "log" },
      y: { field: "value", title: "value", scale: "log" },
      series: { field: "quantity", title: "quantity" },
    }),
  ],
  expectations: (rows, { delta }) => {
    const least = Math.min(...rows.map(({ total }) => total))
    return [
      Expectation.atMost(
        "No deviation exceeds 2 delta / r, the residuals included",
        Math.max(...rows.map(({ deviation, strength }) => (deviation * strength) / (2 * delta))),
        1.001,
      ),
      Expectation.atLeast(
        "The strongest regularisation costs more gap than the weakest",
        rows.at(-1)!.gap / rows[0]!.gap,
        1,
      ),
      Expectation.atLeast(
        "The weakest deviates more than the strongest",
        rows[0]!.deviation / rows.at(-1)!.deviation,
        3,
      ),
      Expectation.that(
        "Both together are least in between: the curve is U-shaped",
        rows[0]!.total > least && rows.at(-1)!.total > least,
        `ends ${rows[0]!.total.toPrecision(3)} and ${rows.at(-1)!.total.toPrecision(3)}, least ${least.toPrecision(3)}`,
        "less than at both ends",
      ),
    ]
  },
})
