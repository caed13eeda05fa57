import { Expectation, experiment, Figure, LogLog, Rows } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import { Schema, type Stream } from "effect"
import * as Average from "../../methods/Average.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import { projectedGradient } from "../../methods/ProjectedGradient.ts"
import * as Theory from "../../theory/index.ts"

const Config = Schema.Struct({
  pairs: Schema.Int.check(Schema.isGreaterThan(1)),
  /** The gap of the runs with different numbers of steps. */
  gap: Schema.Finite.check(Schema.isGreaterThan(0)),
  delta: Schema.Finite.check(Schema.isGreaterThan(0)),
  /** T as multiples of 1 / eps^2. */
  multiples: Schema.Array(Schema.Int.check(Schema.isGreaterThan(0))),
  /** The gaps of the runs with the steps that the smallest of them needs. */
  gaps: Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0))),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  sweep: Schema.Literals(["T", "eps"]),
  gap: Schema.Finite,
  steps: Schema.Int,
  deviation: Schema.Number,
  standardError: Schema.Number,
  bound: Schema.Number,
})
type Row = typeof Row.Type

/** The mean squared deviation of pairs of runs of SGDA, with its standard error; pauses between pairs. */
function* deviationOf(config: Config, gap: number, steps: number, seed: Seed.Seed) {
  const game = bilinearGame({
    // weakly coupled: noise adds up and is not turned away
    matrix: Float64Array.of(0.03, 0, 0, 0.01),
    columns: 2,
    feasible: FeasibleSet.ball(1),
  })
  const start = Float64Array.of(0.3, 0.2, -0.1, 0.2)
  const noise = RandomStream.make(seed.child("noise"))
  const problem = stochastic(saddlePoint(game), noise, config.delta)
  const scheme = projectedGradient({ step: Theory.stochasticStep(1, gap, steps) })
  const end = () => {
    const state = scheme.init(problem, start)
    for (let t = 0; t < steps; t++) scheme.step(state)
    return Average.mean(state.average)
  }
  let [sum, squares] = [0, 0]
  for (let k = 0; k < config.pairs; k++) {
    const [one, two] = [end(), end()]
    const square = one.reduce((total, x, i) => total + (x - two[i]!) ** 2, 0)
    sum += square
    squares += square * square
    yield undefined
  }
  const mean = sum / config.pairs
  const error = Math.sqrt(Math.max(0, squares / config.pairs - mean * mean) / (config.pairs - 1))
  return { mean, error }
}

const run = (config: Config, seed: Seed.Seed): Stream.Stream<Row> =>
  Rows.stepwise(function* () {
    const least = Math.min(...config.gaps)
    const settings = [
      ...config.multiples.map((multiple) => ({
        sweep: "T" as const,
        gap: config.gap,
        steps: Math.ceil(multiple / config.gap ** 2),
      })),
      ...config.gaps.map((gap) => ({
        sweep: "eps" as const,
        gap,
        steps: Math.ceil(1 / least ** 2),
      })),
    ]
    for (const [k, { gap, steps, sweep }] of settings.entries()) {
      const { error, mean } = yield* deviationOf(config, gap, steps, seed.child(k))
      const bound = Theory.stochasticDeviationBound(1, config.delta, gap, steps)
      yield { sweep, gap, steps, deviation: mean, standardError: error, bound }
    }
  })

export const stochasticDescentAscent = experiment<Config, Row>({
  id: "reproducible-minimax/stochastic-gradients",
  title: "SGDA: the deviation falls with the samples and grows with the accuracy",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Theorem 5.1",
    basis: "as printed",
  },
  question: "How does the expected deviation of two runs of SGDA depend on T and on eps?",
  config: Config,
  row: Row,
  presets: {
    smoke: { pairs: 300, gap: 0.25, delta: 0.1, multiples: [1, 4], gaps: [0.5, 0.25] },
    fast: { pairs: 400, gap: 0.25, delta: 0.1, multiples: [1, 4, 16], gaps: [0.4, 0.2, 0.1] },
    paper: {
      pairs: 2000,
      gap: 0.2,
      delta: 0.1,
      multiples: [1, 2, 4, 8, 16, 32],
      gaps: [0.4, 0.2, 0.1, 0.05],
    },
  },
  paperSeconds: 15,
  rows: ({ gaps, multiples }) => gaps.length + multiples.length,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "samples",
      title: "Expected squared deviation at a fixed gap",
      caption: "Slope -1 in T: more samples make runs more alike.",
      rows: rows.filter(({ sweep }) => sweep === "T"),
      x: { field: "steps", title: "T", scale: "log" },
      y: { field: "deviation", title: "squared deviation", scale: "log" },
    }),
    Figure.lines({
      id: "accuracy",
      title: "Expected squared deviation at a fixed T",
      caption: "Slope -2 in eps: accuracy costs reproducibility.",
      rows: rows.filter(({ sweep }) => sweep === "eps"),
      x: { field: "gap", title: "eps", scale: "log" },
      y: { field: "deviation", title: "squared deviation", scale: "log" },
    }),
  ],
  expectations: (rows) => {
    const of = (sweep: Row["sweep"]) => rows.filter((row) => row.sweep === sweep)
    // five standard errors of a mean, over a factor of four in T
    const noise =
      (5 * Math.max(...rows.map((row) => row.standardError / row.deviation))) / Math.log(4)
    return [
      Expectation.within(
        "The slope in T is -1",
        LogLog.slope(of("T").map(({ deviation, steps }) => [steps, deviation])),
        -1,
        { absolute: 0.15 + noise },
      ),
      Expectation.within(
        "The slope in eps is -2",
        LogLog.slope(of("eps").map(({ deviation, gap }) => [gap, deviation])),
        -2,
        { absolute: 0.25 + noise },
      ),
      Expectation.atMost(
        "No deviation exceeds its bound",
        Math.max(...rows.map((row) => (row.deviation - 5 * row.standardError) / row.bound)),
        1,
      ),
    ]
  },
})
