import { Expectation, experiment, Figure, Rows } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { Schema, type Stream } from "effect"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import * as Theory from "../../theory/index.ts"

const Config = Schema.Struct({
  gap: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** Errors of the oracle as powers eps^p. */
  exponents: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
  games: Schema.Int.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  algorithm: Schema.Literals(["Algorithm 2", "Algorithm 3"]),
  delta: Schema.Finite,
  /** The worst of the games. */
  gap: Schema.Number,
  deviation: Schema.Number,
  /** What the theorems, corrected, allow. */
  boundOfGap: Schema.Number,
  boundOfDeviation: Schema.Number,
  calls: Schema.Number,
})
type Row = typeof Row.Type

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> =>
  Rows.stepwise(function* () {
    const { gap: eps } = config
    const D = Math.SQRT2
    for (const exponent of config.exponents) {
      for (const algorithm of ["Algorithm 2", "Algorithm 3"] as const) {
        const delta = eps ** exponent
        let [gap, deviation, calls, steps] = [0, 0, 0, 1]
        for (let k = 0; k < config.games; k++) {
          const draw = RandomStream.make(seed.child("game").child(k))
          const matrix = Float64Array.from({ length: 9 }, () => 2 * draw.uniform() - 1)
          const game = matrixGame({ matrix: matrix.map((x) => x / 3), columns: 3 })
          const exact = { ...saddlePoint(game, { error: 0 }), smoothness: 1 }
          const line = new Float64Array(6)
          draw.fillSphere(line)
          const points: Array<Float64Array> = []
          for (const sign of [1, -1]) {
            const errors = ErrorStrategy.constant(line.map((x) => sign * x))
            const solver = algorithm === "Algorithm 2" ? regularisedMinimax : inexactProximalPoint
            const request = { gap: eps, distance: D, inexact: "gradient", delta } as const
            const solution = solver(
              inexact(exact, errors, delta),
              new Float64Array(6).fill(1 / 3),
              request,
            )
            points.push(solution.point)
            gap = Math.max(gap, game.dualityGap(solution.point))
            calls += solution.evaluations / (2 * config.games)
            steps = solution.steps
            yield undefined
          }
          deviation = Math.max(deviation, Vector.distance(points[0]!, points[1]!))
        }
        const two = algorithm === "Algorithm 2"
        yield {
          algorithm,
          delta,
          gap,
          deviation,
          boundOfGap: two
            ? Theory.minimaxGapOfGradient(1, D, eps, delta)
            : Theory.proximalGapOfGradient(1, D, delta, steps),
          boundOfDeviation: Math.sqrt(
            two
              ? Theory.minimaxDeviationOfGradient(D, eps, delta)
              : Theory.proximalDeviationOfGradient(1, delta, steps),
          ),
          calls,
        }
      }
    }
  })

export const window = experiment<Config, Row>({
  id: "reproducible-minimax/window",
  title: "Between eps² and eps: where only Algorithm 3 keeps its guarantee",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Theorems 4.6 and 4.8, corrected",
    basis: "corrected",
  },
  question:
    "What do Algorithms 2 and 3 reach, and promise, when the oracle errs by eps^p, p from 1 to 2?",
  config: Config,
  row: Row,
  presets: {
    smoke: { gap: 0.2, exponents: [3, 2.5], games: 2 },
    fast: { gap: 0.1, exponents: [3.5, 3, 2.5, 2, 1.5, 1], games: 3 },
    paper: { gap: 0.02, exponents: [3.5, 3, 2.75, 2.5, 2.25, 2, 1.75, 1.5, 1.25, 1], games: 20 },
  },
  paperSeconds: 58,
  rows: ({ exponents }) => 2 * exponents.length,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "guarantee",
      title: "Guaranteed and measured gap",
      caption:
        "The guarantee of Algorithm 2 grows with delta / eps, that of Algorithm 3 with delta; what is measured is far below both.",
      rows: rows.flatMap(({ algorithm, boundOfGap, delta, gap }) => [
        { algorithm, delta, kind: "guaranteed", gap: boundOfGap },
        { algorithm, delta, kind: "measured", gap: Math.max(gap, 1e-12) },
      ]),
      x: { field: "delta", title: "error of the oracle", scale: "log" },
      y: { field: "gap", title: "gap", scale: "log" },
      series: { field: "algorithm", title: "algorithm" },
      dash: { field: "kind", title: "gap" },
    }),
  ],
  expectations: (rows, { gap: eps }) => {
    const of = (algorithm: Row["algorithm"]) => rows.filter((row) => row.algorithm === algorithm)
    const [two, three] = [of("Algorithm 2"), of("Algorithm 3")]
    const limit = Theory.proximalErrorLimit(eps, Math.SQRT2)
    return [
      Expectation.atMost(
        "No gap exceeds its bound",
        Math.max(...rows.map((row) => row.gap / row.boundOfGap)),
        1,
      ),
      Expectation.atMost(
        "No deviation exceeds its bound",
        Math.max(...rows.map((row) => row.deviation / row.boundOfDeviation)),
        1,
      ),
      Expectation.atMost(
        "Up to eps / (68 D) Algorithm 3 promises, and keeps, a gap of eps",
        Math.max(
          0,
          ...three
            .filter(({ delta }) => delta <= limit)
            .map((row) => Math.max(row.gap, row.boundOfGap) / eps),
        ),
        1,
      ),
      Expectation.that(
        "The guarantee of Algorithm 2 loses to that of Algorithm 3 at every error",
        two.every((row, k) => row.boundOfGap > three[k]!.boundOfGap),
        two.map((row, k) => (row.boundOfGap / three[k]!.boundOfGap).toPrecision(3)).join(", "),
        "ratios above 1",
      ),
    ]
  },
})
