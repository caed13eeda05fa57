import { Expectation, experiment, Figure, LogLog, Rows } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import { quadratic } from "@nonconvex/problems/Quadratic"
import { Schema, type Stream } from "effect"
import * as Average from "../../methods/Average.ts"
import { acceleratedStronglyConvex } from "../../methods/Accelerated.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, type Problem, regularised, saddlePoint } from "../../problem/Problem.ts"
import { projectedGradient } from "../../methods/ProjectedGradient.ts"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import * as Theory from "../../theory/index.ts"

const Gaps = Schema.Array(Schema.Finite.check(Schema.isGreaterThan(0)))

const Config = Schema.Struct({
  minimisationGaps: Gaps,
  gameGaps: Gaps,
  /** Of the errors of the oracle, opposed in the two runs, as a share of eps. */
  delta: Schema.Finite.check(Schema.isGreaterThan(0)),
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  problem: Schema.Literals(["minimisation", "game"]),
  method: Schema.String,
  gap: Schema.Finite,
  /** Calls of the oracle until the gap is reached. */
  calls: Schema.Int,
  attained: Schema.Number,
  /** Distance of two runs with opposed errors, over the error. */
  gain: Schema.Number,
})
type Row = typeof Row.Type

interface Contest {
  readonly problem: Row["problem"]
  readonly exact: Problem
  readonly start: Float64Array
  /** Errors that a method cannot average away: along what the problem hardly sees. */
  readonly direction: Float64Array
  readonly gapOf: (z: Float64Array) => number
}

interface Entry {
  readonly method: string
  readonly scheme: (eps: number) => Scheme
  readonly strength: (eps: number) => number
  readonly output: (state: SchemeState) => Float64Array
}

const point = (state: SchemeState) => state.point
const average = (state: SchemeState) => Average.mean(state.average)

/** Eigenvalues 0 and 1e-8 to 1, evenly in their logarithm, and a start that has all of them alike. */
const minimisationContest = (): Contest => {
  const spectrum = Float64Array.from({ length: 61 }, (_, i) =>
    i === 0 ? 0 : 10 ** ((i - 60) / 7.5),
  )
  const objective = quadratic({ spectrum })
  const scratch = new Float64Array(61)
  const start = new Float64Array(61).fill(1 / Math.sqrt(61))
  return {
    problem: "minimisation",
    exact: minimisation(objective, { smoothness: 1 }),
    start,
    direction: new Float64Array(61).fill(1),
    gapOf: (x) => objective.valueAndGradient(x, scratch),
  }
}

/** Singular values from 1 to 1e-3, evenly in their logarithm, and a start that has all of them alike. */
const gameContest = (): Contest => {
  const d = 31
  const matrix = new Float64Array(d * d)
  for (let k = 0; k < d; k++) matrix[k * d + k] = 10 ** (-k / 10)
  const game = bilinearGame({ matrix, columns: d, feasible: FeasibleSet.ball(1) })
  return {
    problem: "game",
    exact: { ...saddlePoint(game, { error: 0 }), smoothness: 1 },
    start: new Float64Array(2 * d).fill(1 / Math.sqrt(d)),
    direction: new Float64Array(2 * d).fill(1, 0, d).fill(-1, d),
    gapOf: (z) => game.dualityGap(z),
  }
}

/** `|x_0 - x*|` is 1 in minimisation; in games both balls have diameter 2. */
const strengthOf = (problem: Row["problem"]) => (eps: number) =>
  Theory.regularisation(eps, problem === "game" ? 2 : 1)

const none = () => 0

const entries: { readonly [Key in Row["problem"]]: ReadonlyArray<Entry> } = {
  minimisation: [
    { method: "GD", scheme: () => projectedGradient({ step: 1 }), strength: none, output: point },
    {
      method: "Reg-AGD",
      scheme: (eps) => {
        const r = strengthOf("minimisation")(eps)
        return acceleratedStronglyConvex({ smoothness: 1 + r, strongConvexity: r })
      },
      strength: strengthOf("minimisation"),
      output: point,
    },
  ],
  game: [
    {
      method: "GDA",
      // the step of T = 1 / eps^2 steps
      scheme: (eps) => projectedGradient({ step: eps / 4 }),
      strength: none,
      output: average,
    },
    { method: "EG", scheme: () => extragradient({ step: 1 }), strength: none, output: average },
    {
      method: "Reg-EG",
      scheme: (eps) => extragradient({ step: 0.5 / (1 + strengthOf("game")(eps)) }),
      strength: strengthOf("game"),
      output: (state) => state.candidate,
    },
  ],
}

const cap = 400_000

/**
 * Steps of three runs until the exact one has the gap, or is within a hundredth of its regularised solution, which has it; the
 * other two err, one against the other.
 */
function* race(contest: Contest, entry: Entry, eps: number, delta: number) {
  const { direction, exact, gapOf, start } = contest
  const scheme = entry.scheme(eps)
  const oracles = [
    exact,
    inexact(exact, ErrorStrategy.constant(direction), delta),
    inexact(exact, ErrorStrategy.constant(direction.map((x) => -x)), delta),
  ]
  const states = oracles.map((oracle) =>
    scheme.init(regularised(oracle, entry.strength(eps), start), start),
  )
  const [run, one, two] = [states[0]!, states[1]!, states[2]!]
  const r = entry.strength(eps)
  const arrived = () => (r > 0 ? scheme.residual(run) <= 0.01 * r : gapOf(entry.output(run)) <= eps)
  do {
    for (const state of states) scheme.step(state)
    if (run.steps % 64 === 0) yield undefined
  } while (run.steps < cap && !arrived())
  return {
    run,
    attained: gapOf(entry.output(run)),
    gain: Vector.distance(entry.output(one), entry.output(two)) / delta,
  }
}

const run = (config: Config): Stream.Stream<Row> =>
  Rows.stepwise(function* () {
    for (const contest of [minimisationContest(), gameContest()]) {
      const { problem } = contest
      const gaps = problem === "game" ? config.gameGaps : config.minimisationGaps
      for (const entry of entries[problem]) {
        for (const gap of gaps) {
          const {
            attained,
            gain,
            run: state,
          } = yield* race(contest, entry, gap, config.delta * gap)
          yield { problem, method: entry.method, gap, calls: state.evaluations, attained, gain }
        }
      }
    }
  })

/** The exponents of eps that the tables give, and how far finite gaps may be off. */
const expected = {
  GD: { calls: -1, gain: -1 },
  "Reg-AGD": { calls: -0.5, gain: -1 },
  GDA: { calls: -2, gain: -1 },
  EG: { calls: -1, gain: undefined },
  "Reg-EG": { calls: -1, gain: -1 },
} as const

export const rates = experiment<Config, Row>({
  id: "reproducible-minimax/rates",
  title: "The tables of rates as slopes",
  source: {
    paper: "Zhang, Yang, Karbasi, He 2023",
    statement: "Tables 1 and 2, inexact gradients",
    basis: "as printed",
  },
  question: "How do calls of the oracle and deviation grow as the gap shrinks?",
  config: Config,
  row: Row,
  presets: {
    smoke: { minimisationGaps: [0.03, 0.01, 0.003], gameGaps: [0.4, 0.2], delta: 0.01 },
    fast: {
      minimisationGaps: [0.03, 0.01, 0.003, 0.001],
      gameGaps: [0.4, 0.2, 0.1, 0.05],
      delta: 0.01,
    },
    paper: {
      minimisationGaps: [0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001],
      gameGaps: [0.4, 0.2, 0.1, 0.05, 0.025],
      delta: 0.01,
    },
  },
  paperSeconds: 3,
  rows: ({ gameGaps, minimisationGaps }) => 2 * minimisationGaps.length + 3 * gameGaps.length,
  run,
  figures: (rows) => [
    Figure.lines({
      id: "calls",
      title: "Calls of the oracle until the gap is reached",
      caption: "Slopes -1 for GD, -1/2 for accelerated; -2 for GDA, -1 for extragradient.",
      rows,
      x: { field: "gap", title: "gap", scale: "log" },
      y: { field: "calls", title: "calls", scale: "log" },
      series: { field: "method", title: "method" },
      panel: { field: "problem", title: "problem" },
    }),
    Figure.lines({
      id: "gain",
      title: "Deviation of two runs with opposed errors, over the error",
      caption: "At most slope -1: the deviation is delta / eps, its square delta² / eps².",
      rows,
      x: { field: "gap", title: "gap", scale: "log" },
      y: { field: "gain", title: "deviation / delta", scale: "log" },
      series: { field: "method", title: "method" },
      panel: { field: "problem", title: "problem" },
    }),
  ],
  expectations: (rows) => [
    Expectation.atMost(
      "Every run has the gap that was asked",
      Math.max(...rows.map(({ attained, gap }) => attained / gap)),
      1,
    ),
    ...Object.entries(expected).flatMap(([method, slopes]) => {
      const of = rows.filter((row) => row.method === method)
      return [
        Expectation.within(
          `${method}: calls grow with exponent ${slopes.calls}`,
          LogLog.slope(of.map(({ calls, gap }) => [gap, calls])),
          slopes.calls,
          { absolute: 0.4 },
        ),
        ...(slopes.gain === undefined
          ? []
          : [
              Expectation.atLeast(
                `${method}: the deviation grows no faster than delta / eps`,
                LogLog.slope(of.map(({ gain, gap }) => [gap, gain])),
                slopes.gain - 0.15,
              ),
            ]),
      ]
    }),
  ],
})
