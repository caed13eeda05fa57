import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as LogLog from "@nonconvex/evidence/LogLog"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { Positive } from "@nonconvex/problems/Fields"
import { quadratic } from "@nonconvex/problems/Quadratic"
import * as Schema from "effect/Schema"
import { acceleratedStronglyConvex } from "../../methods/AcceleratedGradient.ts"
import * as Average from "../../methods/Average.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import type { Scheme, SchemeState } from "../../methods/Scheme.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { minimisation, regularised, saddlePoint } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"

/** Eigenvalues 0 and 1e-8 to 1, evenly spaced in their logarithm, and a start with equal components in all. */
const minimisationContest = () => {
  const spectrum = Float64Array.from({ length: 61 }, (_, i) =>
    i === 0 ? 0 : Elementary.pow(10, (i - 60) / 7.5),
  )
  const objective = quadratic({ spectrum })
  const scratch = new Float64Array(61)
  return {
    exact: minimisation(objective, { smoothness: 1 }),
    start: new Float64Array(61).fill(1 / Math.sqrt(61)),
    direction: new Float64Array(61).fill(1),
    gapOf: (x: Float64Array) => objective.valueAndGradient(x, scratch),
  }
}

/** Singular values from 1 to 1e-3, evenly spaced in their logarithm, and a start with equal components in all. */
const gameContest = (kernels: Kernels.Kernels) => {
  const d = 31
  const matrix = new Float64Array(d * d)
  for (let k = 0; k < d; k++) matrix[k * d + k] = Elementary.pow(10, -k / 10)
  const game = bilinearGame({ matrix, columns: d, feasible: FeasibleSet.ball(1), kernels })
  return {
    exact: saddlePoint(game, { smoothness: 1, error: 0 }),
    start: new Float64Array(2 * d).fill(1 / Math.sqrt(d)),
    /** Errors that a method cannot average away, along directions of little curvature. */
    direction: new Float64Array(2 * d).fill(1, 0, d).fill(-1, d),
    gapOf: (z: Float64Array) => game.dualityGap(z),
  }
}

interface Entry {
  readonly problem: "minimisation" | "game"
  readonly scheme: (eps: number, strength: number) => Scheme
  /** Default 0. */
  readonly strength?: (eps: number) => number
  readonly output: (state: SchemeState) => Float64Array
  /** Exponents of eps in the tables; undefined where they give none. */
  readonly calls: number
  readonly gain: number | undefined
  /** Method whose number of calls has another exponent. */
  readonly other: Method
}

type Method = "GD" | "Reg-AGD" | "GDA" | "EG" | "Reg-EG"

const average = (state: SchemeState) => Average.mean(state.average)

/** `|x_0 - x*|` is 1 in minimisation; in games both balls have diameter 2. */
const entries = {
  GD: {
    problem: "minimisation",
    scheme: () => projectedGradient({ step: 1 }),
    output: (state) => state.point,
    calls: -1,
    gain: -1,
    other: "Reg-AGD",
  },
  "Reg-AGD": {
    problem: "minimisation",
    scheme: (_, r) => acceleratedStronglyConvex({ smoothness: 1 + r, strongConvexity: r }),
    strength: (eps) => Theory.regularisation(eps, 1),
    output: (state) => state.point,
    calls: -0.5,
    gain: -1,
    other: "GD",
  },
  GDA: {
    problem: "game",
    // the step of T = 1 / eps^2 steps
    scheme: (eps) => projectedGradient({ step: eps / 4 }),
    output: average,
    calls: -2,
    gain: -1,
    other: "EG",
  },
  EG: {
    problem: "game",
    scheme: () => extragradient({ step: 1 }),
    output: average,
    calls: -1,
    gain: undefined,
    other: "GDA",
  },
  "Reg-EG": {
    problem: "game",
    scheme: (_, r) => extragradient({ step: 0.5 / (1 + r) }),
    strength: (eps) => Theory.regularisation(eps, 2),
    output: (state) => state.candidate,
    calls: -1,
    gain: -1,
    other: "GDA",
  },
} satisfies Readonly<Record<Method, Entry>>

const methods = Object.keys(entries) as Array<Method>

const cap = 400_000

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

/**
 * Steps of three runs until the exact run has the gap, or is within 1 % of its regularised solution, which has it. The other
 * two have opposite errors.
 */
const race = (
  contest: ReturnType<typeof gameContest>,
  entry: Entry,
  eps: number,
  delta: number,
) => {
  const { direction, exact, gapOf, start } = contest
  const { output, strength = () => 0 } = entry
  const r = strength(eps)
  const scheme = entry.scheme(eps, r)
  const [run, one, two] = [
    exact,
    inexact(exact, ErrorStrategy.constant(direction), delta),
    inexact(exact, ErrorStrategy.constant(direction.map((x) => -x)), delta),
  ].map((oracle) => scheme.init(regularised(oracle, r, start), start))
  const arrived = () => (r > 0 ? scheme.residual(run!) <= 0.01 * r : gapOf(output(run!)) <= eps)
  do {
    for (const state of [run!, one!, two!]) scheme.step(state)
  } while (run!.steps < cap && !arrived())
  return {
    calls: run!.evaluations,
    attained: gapOf(output(run!)),
    gain: Vector.distance(output(one!), output(two!)) / delta,
  }
}

/** Largest gaps: the given number for each problem. */
const gaps = (ofMinimisation: number, ofGames: number) => ({
  // above a thousandth a few steps of descent are enough, and show no exponent
  minimisationGaps: [1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6].slice(0, ofMinimisation),
  gameGaps: [0.4, 0.2, 0.1, 0.05, 0.025].slice(0, ofGames),
  delta: 0.01,
})

/** Slopes for the methods on a problem according to the tables, through the rows of one of them. */
const slopes = (rows: ReadonlyArray<Row>, problem: Row["problem"], column: "calls" | "gain") =>
  Summary.distinct(
    methods
      .filter((method) => entries[method].problem === problem)
      .flatMap((method) => entries[method][column] ?? []),
  ).map((exponent) => {
    const own = methods.find(
      (method) => entries[method].problem === problem && entries[method][column] === exponent,
    )
    const points = rows.filter(({ method }) => method === own)
    return Figure.slope(
      `slope ${exponent}`,
      exponent,
      points.map((row) => [row.gap, row[column]] as const),
    )
  })

export const rates = Experiment.table({
  id: "reproducible-minimax/rates",
  title: "The tables of rates as slopes",
  source: printed("Tables 1 and 2, inexact gradients"),
  question: "How do oracle calls and deviation grow as the gap shrinks?",
  paperSeconds: 3,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  deterministic: "nothing is random: the problem and the starts are fixed",
  config: Schema.Struct({
    minimisationGaps: Schema.Array(Positive),
    gameGaps: Schema.Array(Positive),
    /** Errors of the oracle, with opposite signs in the two runs, as a share of eps. */
    delta: Positive,
  }),
  columns: Row,
  presets: {
    smoke: gaps(3, 2),
    fast: gaps(4, 4),
    paper: gaps(6, 5),
  },
  cases: ({ gameGaps, minimisationGaps }) =>
    methods.flatMap((method) =>
      (entries[method].problem === "game" ? gameGaps : minimisationGaps).map((gap) => ({
        method,
        gap,
      })),
    ),
  row: ({ gap, method }, { config, kernels }) => {
    const entry: Entry = entries[method]
    const { problem } = entry
    const contest = problem === "game" ? gameContest(kernels) : minimisationContest()
    return { problem, method, gap, ...race(contest, entry, gap, config.delta * gap) }
  },
  figures: (rows) =>
    (["minimisation", "game"] as const).flatMap((problem) => {
      const common = {
        where: { problem },
        x: { field: "gap", title: "gap", scale: "log" },
        series: { field: "method", title: "method" },
      } as const
      const plural = problem === "game" ? "in games" : "in minimisation"
      return [
        Figure.lines<Row>({
          ...common,
          id: `calls-${problem}`,
          title: `Oracle calls until the gap is reached, ${plural}`,
          conclusion:
            problem === "game"
              ? "GDA follows slope -2, extragradient slope -1."
              : "GD follows slope -1, accelerated descent slope -0.5.",
          y: { field: "calls", title: "calls", scale: "log" },
          references: slopes(rows, problem, "calls"),
        }),
        Figure.lines<Row>({
          ...common,
          id: `gain-${problem}`,
          title: `Deviation of two runs with opposite errors / error, ${plural}`,
          conclusion: "No slope is steeper than -1, so the deviation is of order delta / eps.",
          y: { field: "gain", title: "deviation / delta", scale: "log" },
          references: slopes(rows, problem, "gain"),
        }),
      ]
    }),
  expectations: (rows) => {
    const of = (method: Method) => rows.filter((row) => row.method === method)
    const slopeOf = (method: Method, column: "calls" | "gain", power = 1) =>
      LogLog.slope(of(method).map((row) => [Elementary.pow(row.gap, power), row[column]]))
    // of the plain methods, which stop where they have the gap
    const early = methods
      .filter((method) => !("strength" in entries[method]))
      .flatMap((method) =>
        of(method)
          .slice(1)
          .map((row, k) => of(method)[k]!.attained / row.gap),
      )
    return [
      Expectation.atMost(
        "final gap / requested gap of every run",
        rows.map((row) => row.attained / row.gap),
        1,
        { control: "the next smaller gap", observed: early },
      ),
      ...methods.flatMap((method) => {
        const { calls, gain, other }: Entry = entries[method]
        return [
          Expectation.within(
            `${method}: exponent of the calls, ${calls} in theory`,
            slopeOf(method, "calls"),
            calls,
            // half of what tells the exponents apart: finite gaps are off them
            { absolute: 0.25 },
            { control: other, observed: slopeOf(other, "calls") },
          ),
          ...(gain === undefined
            ? []
            : [
                Expectation.atLeast(
                  `${method}: exponent of the deviation, -1 for delta / eps`,
                  slopeOf(method, "gain"),
                  gain - 0.15,
                  {
                    control: "runs continued to the square of the gap",
                    observed: slopeOf(method, "gain", 0.5),
                  },
                ),
              ]),
        ]
      }),
    ]
  },
})
