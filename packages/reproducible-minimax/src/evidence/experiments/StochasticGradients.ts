import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as LogLog from "@nonconvex/evidence/LogLog"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { advance } from "@nonconvex/problems/Advance"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import * as Average from "../../methods/Average.ts"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import { stochastic } from "../../oracle/InexactOracle.ts"
import { saddlePoint } from "../../problem/Problem.ts"
import * as Theory from "../../theory/Theory.ts"
import { printed } from "../support/Paper.ts"

/** Number of pairs of runs that take their steps together. */
const together = 4

const Row = Schema.Struct({
  sweep: Schema.Literals(["T", "eps"]),
  gap: Schema.Finite,
  steps: Schema.Int,
  deviation: Schema.Number,
  standardError: Schema.Number,
  bound: Schema.Number,
})

type Row = typeof Row.Type

export const stochasticGradients = Experiment.table({
  id: "reproducible-minimax/stochastic-gradients",
  title: "SGDA: the deviation falls with the samples and grows with the accuracy",
  source: printed("Theorem 5.1"),
  question: "How does the expected deviation of two runs of SGDA depend on T and on eps?",
  paperSeconds: 2,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  config: Schema.Struct({
    pairs: AtLeastTwo,
    /** The gap of the runs with different numbers of steps. */
    gap: Positive,
    delta: Positive,
    /** T as multiples of 1 / eps^2. */
    multiples: Schema.Array(Count),
    /** Gaps of the runs with the number of steps that the smallest gap requires. */
    gaps: Schema.Array(Positive),
  }),
  columns: Row,
  presets: {
    smoke: { pairs: 300, gap: 0.25, delta: 0.1, multiples: [1, 16], gaps: [0.5, 0.25] },
    fast: { pairs: 400, gap: 0.25, delta: 0.1, multiples: [1, 4, 16], gaps: [0.4, 0.2, 0.1] },
    paper: {
      pairs: 2000,
      gap: 0.2,
      delta: 0.1,
      multiples: [1, 2, 4, 8, 16, 32],
      gaps: [0.4, 0.2, 0.1, 0.05],
    },
  },
  cases: ({ gap, gaps, multiples }) =>
    [
      ...multiples.map((multiple) => ({
        sweep: "T" as const,
        gap,
        steps: Math.ceil(multiple / (gap * gap)),
      })),
      ...gaps.map((each) => ({
        sweep: "eps" as const,
        gap: each,
        steps: Math.ceil(1 / Elementary.square(Math.min(...gaps))),
      })),
    ].map((setting, index) => ({ ...setting, index })),
  /** The mean squared deviation of pairs of runs, with its standard error. */
  row: ({ gap, index, steps, sweep }, { config: { delta, pairs }, kernels, seed }) => {
    const game = bilinearGame({
      // weakly coupled: noise adds up and is not turned away
      matrix: Float64Array.of(0.03, 0, 0, 0.01),
      columns: 2,
      feasible: FeasibleSet.ball(1),
      kernels,
    })
    const start = Float64Array.of(0.3, 0.2, -0.1, 0.2)
    const noise = RandomStream.make(seed.child(index).child("noise"))
    const problem = stochastic(saddlePoint(game), noise, delta)
    const scheme = projectedGradient({ step: Theory.stochasticStep(1, gap, steps) })
    const ends = (runs: number) => {
      const states = Array.from({ length: runs }, () => scheme.init(problem, start))
      advance(scheme, states, steps)
      return states.map((state) => Average.mean(state.average))
    }
    let [sum, squares] = [0, 0]
    for (let k = 0; k < pairs; k += together) {
      const found = ends(2 * Math.min(together, pairs - k))
      for (let r = 0; r < found.length; r += 2) {
        const [one, two] = [found[r]!, found[r + 1]!]
        const square = one.reduce((total, x, i) => total + Elementary.square(x - two[i]!), 0)
        sum += square
        squares += square * square
      }
    }
    const deviation = sum / pairs
    const variance = Math.max(0, squares / pairs - deviation * deviation) / (pairs - 1)
    const bound = Theory.stochasticDeviationBound(1, delta, gap, steps)
    return { sweep, gap, steps, deviation, standardError: Math.sqrt(variance), bound }
  },
  figures: (rows) => {
    const own = (sweep: Row["sweep"]) =>
      rows
        .filter((row) => row.sweep === sweep)
        .map((row) => ({
          ...row,
          low: row.deviation - 2 * row.standardError,
          high: row.deviation + 2 * row.standardError,
        }))
    const common = {
      y: { field: "deviation", title: "squared deviation", scale: "log" },
      interval: { low: "low", high: "high" },
    } as const
    const [samples, accuracy] = [own("T"), own("eps")]
    return [
      Figure.points({
        ...common,
        id: "samples",
        title: "Expected squared deviation at a fixed gap",
        conclusion: "Runs become more similar with more samples (slope -1 in T).",
        caption: "Bars show plus and minus two standard errors.",
        rows: samples,
        x: { field: "steps", title: "T", scale: "log" },
        references: [
          Figure.slope(
            "slope -1",
            -1,
            samples.map(({ deviation, steps }) => [steps, deviation]),
          ),
        ],
      }),
      Figure.points({
        ...common,
        id: "accuracy",
        title: "Expected squared deviation at a fixed T",
        conclusion: "Higher accuracy costs reproducibility (slope -2 in eps).",
        caption: "Bars show plus and minus two standard errors.",
        rows: accuracy,
        x: { field: "gap", title: "eps", scale: "log" },
        references: [
          Figure.slope(
            "slope -2",
            -2,
            accuracy.map(({ deviation, gap }) => [gap, deviation]),
          ),
        ],
      }),
    ]
  },
  expectations: (rows) => {
    const swept = (sweep: Row["sweep"]) => rows.filter((row) => row.sweep === sweep)
    // five standard errors of a mean, over a factor of four in T
    const relative = Summary.largest(rows.map((row) => row.standardError / row.deviation))
    const noise = (5 * relative) / Elementary.log(4)
    const inT = LogLog.slope(swept("T").map(({ deviation, steps }) => [steps, deviation]))
    const inEps = LogLog.slope(swept("eps").map(({ deviation, gap }) => [gap, deviation]))
    const least = Summary.smallest(rows.map(({ bound }) => bound))
    const shares = (boundOf: (row: Row) => number) =>
      rows.map((row) => (row.deviation - 5 * row.standardError) / boundOf(row))
    return [
      Expectation.within(
        "slope of the deviation in T",
        inT,
        -1,
        { absolute: 0.15 + noise },
        { control: "the slope in eps", observed: inEps },
      ),
      Expectation.within(
        "slope of the deviation in eps",
        inEps,
        -2,
        { absolute: 0.25 + noise },
        { control: "the slope in T", observed: inT },
      ),
      Expectation.atMost(
        "deviation / bound",
        shares(({ bound }) => bound),
        1,
        { control: "the bound for the most samples", observed: shares(() => least) },
      ),
    ]
  },
})
