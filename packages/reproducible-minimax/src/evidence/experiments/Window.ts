import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { matrixGame } from "@nonconvex/problems/BilinearGame"
import { Count, Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { corrected } from "../support/Paper.ts"

/** The diameter of a simplex. */
const D = Math.SQRT2

const algorithms = ["Algorithm 2", "Algorithm 3"] as const

export const window = Experiment.table({
  id: "reproducible-minimax/window",
  title: "Oracle errors between eps² and eps: only Algorithm 3 keeps its guarantee",
  source: corrected("Theorems 4.6 and 4.8, corrected"),
  question:
    "Which gap do Algorithms 2 and 3 reach and guarantee if the oracle error is eps^p, for p from 1 to 2?",
  paperSeconds: 4,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  // each follows from a theorem or from the construction
  share: 1,
  config: Schema.Struct({
    gap: Positive,
    /** Errors of the oracle as powers eps^p. */
    exponents: Schema.Array(Positive),
    games: Count,
  }),
  columns: Schema.Struct({
    algorithm: Schema.Literals(algorithms),
    delta: Schema.Finite,
    /** Largest gap over the games, at the start and at the end. */
    startGap: Schema.Number,
    gap: Schema.Number,
    deviation: Schema.Number,
    /** Bound of the theorems, as corrected. */
    boundOfGap: Schema.Number,
    boundOfDeviation: Schema.Number,
    calls: Schema.Number,
  }),
  presets: {
    smoke: { gap: 0.1, exponents: [3.5, 1], games: 1 },
    fast: { gap: 0.1, exponents: [3.5, 3, 2.5, 2, 1.5, 1], games: 3 },
    paper: { gap: 0.02, exponents: [3.5, 3, 2.75, 2.5, 2.25, 2, 1.75, 1.5, 1.25, 1], games: 20 },
  },
  cases: ({ exponents }) =>
    exponents.flatMap((exponent) => algorithms.map((algorithm) => ({ exponent, algorithm }))),
  row: ({ algorithm, exponent }, { config: { games, gap: eps }, kernels, seed }) => {
    const delta = Elementary.pow(eps, exponent)
    const isSecond = algorithm === "Algorithm 2"
    const request = { gap: eps, distance: D, inexact: "gradient", delta } as const
    let [startGap, gap, deviation, calls, steps] = [0, 0, 0, 0, 1]
    const posed = Array.from({ length: games }, (_, k) => {
      const draw = RandomStream.make(seed.child("game").child(k))
      const matrix = Float64Array.from({ length: 9 }, () => 2 * draw.uniform() - 1)
      const game = matrixGame({ matrix: matrix.map((x) => x / 3), columns: 3, kernels })
      const exact = saddlePoint(game, { smoothness: 1, error: 0 })
      const line = draw.onSphere(6)
      const start = new Float64Array(6).fill(1 / 3)
      startGap = Math.max(startGap, game.dualityGap(start))
      const problems = [1, -1].map((sign) => {
        const errors = ErrorStrategy.constant(line.map((x) => sign * x))
        return inexact(exact, errors, delta)
      })
      return { game, problems, start }
    })
    for (const { game, problems, start } of posed) {
      const [one, two] = problems.map((problem) => {
        const solution = isSecond
          ? regularisedMinimax(problem, start, request)
          : inexactProximalPoint(problem, start, request)
        gap = Math.max(gap, game.dualityGap(solution.point))
        calls += solution.evaluations / (2 * games)
        steps = solution.steps
        return solution.point
      })
      deviation = Math.max(deviation, Vector.distance(one!, two!))
    }
    const squared = isSecond
      ? Theory.minimaxDeviationOfGradient(D, eps, delta)
      : Theory.proximalDeviationOfGradient(1, delta, steps)
    return {
      algorithm,
      delta,
      startGap,
      gap,
      deviation,
      boundOfGap: isSecond
        ? Theory.minimaxGapOfGradient(1, D, eps, delta)
        : Theory.proximalGapOfGradient(1, D, delta, steps),
      boundOfDeviation: Math.sqrt(squared),
      calls,
    }
  },
  figures: (rows) => [
    Figure.lines({
      id: "guarantee",
      title: "Guaranteed and measured gap",
      conclusion:
        "The guarantee of Algorithm 2 grows with delta / eps, that of Algorithm 3 with delta; the measured gap is far below both.",
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
  expectations: (rows, { exponents, gap: eps }) => {
    const [two, three] = algorithms.map((algorithm) =>
      rows.filter((row) => row.algorithm === algorithm),
    )
    const limit = Theory.proximalErrorLimit(eps, D)
    const ratios = (column: "gap" | "boundOfGap") =>
      two!.map((row, k) => row[column] / (three![k]?.[column] ?? Number.NaN))
    const kept = (some: typeof rows) =>
      some
        .filter(({ delta }) => delta <= limit)
        .map((row) => Math.max(row.gap, row.boundOfGap) / eps)
    const leastBound = Summary.smallest(rows.map((row) => row.boundOfDeviation))
    return [
      Expectation.atMost(
        "gap / bound",
        rows.map((row) => row.gap / row.boundOfGap),
        1,
        { control: "the start", observed: rows.map((row) => row.startGap / row.boundOfGap) },
      ),
      Expectation.atMost(
        "deviation / bound",
        rows.map((row) => row.deviation / row.boundOfDeviation),
        1,
        {
          control: "the bound for the smallest error",
          observed: rows.map((row) => row.deviation / leastBound),
        },
      ),
      // settings whose errors are all larger say nothing of it
      ...(exponents.some((exponent) => Elementary.pow(eps, exponent) <= limit)
        ? [
            Expectation.atMost(
              "guaranteed and measured gap of Algorithm 3 / eps, for errors up to eps / (68 D)",
              kept(three!),
              1,
              { control: "Algorithm 2", observed: kept(two!) },
            ),
          ]
        : []),
      Expectation.atLeast(
        "guaranteed gap, Algorithm 2 / Algorithm 3, at every error",
        ratios("boundOfGap"),
        1.5,
        { control: "the measured gaps", observed: ratios("gap") },
      ),
    ]
  },
})
