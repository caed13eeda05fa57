import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { advance } from "@nonconvex/problems/Advance"
import { bilinearGame } from "@nonconvex/problems/BilinearGame"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { AtLeastTwo, Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import { extragradient } from "../../methods/Extragradient.ts"
import * as ErrorStrategy from "../../oracle/ErrorStrategy.ts"
import { inexact } from "../../oracle/InexactOracle.ts"
import { regularised, saddlePoint } from "../../problem/Problem.ts"
import { derived } from "../support/Paper.ts"

const sweep = (from: number, to: number, count: number): ReadonlyArray<number> =>
  Array.from({ length: count }, (_, k) =>
    Number((from * Elementary.pow(to / from, k / (count - 1))).toPrecision(3)),
  )

export const tradeOff = Experiment.table({
  id: "reproducible-minimax/trade-off",
  title: "Regularisation strength: gap against deviation",
  source: derived("section 4: gap of order r, deviation of order delta / r"),
  question: "How do the gap and the deviation of a bilinear game depend on the regularisation?",
  paperSeconds: 1,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  // each follows from a theorem or from the construction
  share: 1,
  config: Schema.Struct({
    size: AtLeastTwo,
    delta: Positive,
    strengths: Schema.Array(Positive),
  }),
  columns: Schema.Struct({
    strength: Schema.Finite,
    gap: Schema.Number,
    deviation: Schema.Number,
    /** Gap, and deviation times the smoothness: the error of the answer, and its distance from the answer of another run. */
    total: Schema.Number,
    steps: Schema.Int,
  }),
  presets: {
    smoke: { size: 4, delta: 1e-3, strengths: sweep(1e-3, 10, 7) },
    fast: { size: 6, delta: 1e-3, strengths: sweep(1e-3, 10, 13) },
    paper: { size: 10, delta: 1e-3, strengths: sweep(1e-4, 10, 26) },
  },
  cases: ({ strengths }) => strengths,
  row: (strength, { config: { delta, size }, kernels, seed }) => {
    // singular values from 1 to 1e-3: the weak ones are what errors move far
    const matrix = new Float64Array(size * size)
    for (let k = 0; k < size; k++) matrix[k * size + k] = Elementary.pow(10, (-3 * k) / (size - 1))
    const feasible = FeasibleSet.ball(1)
    const game = bilinearGame({ matrix, columns: size, feasible, kernels })
    const exact = saddlePoint(game, { error: 0 })
    const start = RandomStream.make(seed.child("start")).normals(2 * size)
    game.project(start)
    // errors that both players feel in every coordinate, the weak ones too
    const direction = new Float64Array(2 * size).fill(1, 0, size).fill(-1, size)
    const scheme = extragradient({ step: 0.5 / (exact.smoothness + strength) })
    const [one, two] = [1, -1].map((sign) => {
      const errors = ErrorStrategy.constant(direction.map((x) => sign * x))
      return scheme.init(regularised(inexact(exact, errors, delta), strength, start), start)
    })
    const limit = Math.ceil((60 * exact.smoothness) / strength)
    advance(scheme, [one!, two!], limit, { until: 1e-3 * delta })
    const deviation = Vector.distance(one!.candidate, two!.candidate)
    const gap = game.dualityGap(one!.candidate)
    const total = gap + exact.smoothness * deviation
    return { strength, gap, deviation, total, steps: one!.steps }
  },
  figures: (rows) => [
    Figure.lines({
      id: "trade-off",
      title: "Gap and deviation by regularisation strength",
      conclusion:
        "The deviation is at most delta / r and falls with r, the gap grows with r; their sum is smallest in between.",
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
    const ends = rows.length === 0 ? [] : [rows[0]!, rows.at(-1)!]
    const [weakest, strongest] = ends
    const ratio = (column: "gap" | "deviation") =>
      (weakest?.[column] ?? Number.NaN) / (strongest?.[column] ?? Number.NaN)
    const shares = (strengthOf: (row: (typeof rows)[number]) => number) =>
      rows.map((row) => (row.deviation * strengthOf(row)) / (2 * delta))
    /** Both ends of a curve relative to its minimum. */
    const overLeast = (column: "total" | "gap") => {
      const least = Summary.smallest(rows.map((row) => row[column]))
      return ends.map((row) => row[column] / least)
    }
    return [
      Expectation.atMost(
        "deviation / (2 delta / r), including residuals",
        shares(({ strength }) => strength),
        1.001,
        {
          control: "with r of the strongest regularisation",
          observed: shares(() => strongest?.strength ?? Number.NaN),
        },
      ),
      Expectation.atLeast("gap, strongest / weakest regularisation", 1 / ratio("gap"), 3, {
        control: "the deviation",
        observed: 1 / ratio("deviation"),
      }),
      Expectation.atLeast("deviation, weakest / strongest regularisation", ratio("deviation"), 3, {
        control: "the gap",
        observed: ratio("gap"),
      }),
      Expectation.atLeast(
        "gap plus deviation, each end of the curve / minimum",
        overLeast("total"),
        1.1,
        { control: "the gap only", observed: overLeast("gap") },
      ),
    ]
  },
})
