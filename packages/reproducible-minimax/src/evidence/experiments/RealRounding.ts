import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { AtLeastTwo, Count, Positive } from "@nonconvex/problems/Fields"
import * as Schema from "effect/Schema"
import { measureError } from "../../oracle/ErrorMeter.ts"
import type { Problem } from "../../problem/Problem.ts"
import { ditheredRounding } from "../../solve/DitheredRounding.ts"
import { certify } from "../../solve/Run.ts"
import * as Theory from "../../theory/Theory.ts"
import { same } from "../support/ChangedGame.ts"
import { machines } from "../support/Machines.ts"
import { derived } from "../support/Paper.ts"

/** Solved to twice the error of the oracle over the strength, the best accuracy that it allows. */
const solved = (problem: Problem, start: Float64Array, strength: number) => {
  const allowedError = 1.5 * problem.error + 1e-12
  const distance = (2 * allowedError) / strength
  const deviation = 2 * distance
  const plan = { gap: 1, deviation, algorithm: "regularised", strength, outer: 1 } as const
  return certify(problem, start, { ...plan, distance, allowedError })
}

export const realRounding = Experiment.table({
  id: "reproducible-minimax/real-rounding",
  title: "Rounding noise of real machines: measured, predicted and certified",
  source: derived("Theorem 4.6 with the error of a real oracle"),
  question:
    "How far do float32, a different order of summation and a coarse grid move the answer of a regularised matrix game, and does the theory predict it?",
  paperSeconds: 5,
  paperScale:
    "The paper has no such experiment: its Figures 1 and 2 show a quadratic and a bilinear game.",
  // each follows from a theorem or from the construction
  share: 1,
  config: Schema.Struct({
    size: AtLeastTwo,
    strengths: Schema.Array(Positive),
    /** Shared seeds with which answers are rounded. */
    seeds: Count,
  }),
  columns: Schema.Struct({
    oracle: Schema.String,
    strength: Schema.Finite,
    /** Reading of the meter, and the declared error of the oracle. */
    measured: Schema.Number,
    declared: Schema.Number,
    /** Deviation of the answers: predicted from the reading, certified, and observed. */
    predicted: Schema.Number,
    certified: Schema.Number,
    deviation: Schema.Number,
    /**
     * Rounding to a grid on which the bound is 1/4. Reports the bound, the share of seeds with different bits, and that
     * share if the two answers use different seeds.
     */
    boundOfFailure: Schema.Number,
    failures: Schema.Number,
    unshared: Schema.Number,
  }),
  presets: {
    smoke: { size: 4, strengths: [0.1], seeds: 100 },
    fast: { size: 8, strengths: [0.3, 0.1, 0.03], seeds: 400 },
    paper: { size: 30, strengths: [0.3, 0.1, 0.03, 0.01, 0.003], seeds: 2000 },
  },
  // each with all oracles, which are compared with one exact answer
  cases: ({ strengths }) => strengths,
  row: (strength, { config: { seeds, size: n }, kernels, seed }) => {
    const draw = RandomStream.make(seed.child("payoffs"))
    const matrix = Float64Array.from({ length: n * n }, () => 2 * draw.uniform() - 1)
    const game = machines({ matrix, columns: n, bits: 16, seed, kernels })
    const { center: start, exact, rounding } = game
    const reference = solved(exact, start, strength)
    return Object.entries(rounding).map(([oracle, problem]) => {
      const answer = solved(problem, start, strength)
      const meter = { center: reference.point, spread: 0.1, points: 40, seed }
      const { largest: measured } = measureError(exact, problem, meter)
      const deviation = Vector.distance(answer.point, reference.point)
      const width = 4 * Math.sqrt(2 * n) * Math.max(deviation, 1e-15)
      let [different, apart] = [0, 0]
      for (let k = 0; k < seeds; k++) {
        const shared = seed.child("rounding").child(k)
        const own = seed.child("own rounding").child(k)
        const one = ditheredRounding(reference.point, { seed: shared, width }).point
        const two = ditheredRounding(answer.point, { seed: shared, width }).point
        const other = ditheredRounding(answer.point, { seed: own, width }).point
        if (!same(one, two)) different++
        if (!same(one, other)) apart++
      }
      return {
        oracle,
        strength,
        measured,
        declared: problem.error,
        predicted: Theory.distanceFromResidual(0, measured, strength),
        certified: answer.distance + reference.distance,
        deviation,
        boundOfFailure: Theory.roundingFailure(deviation, width, 2 * n),
        failures: different / seeds,
        unshared: apart / seeds,
      }
    })
  },
  figures: (rows) => {
    const drawn = rows.filter(({ deviation, predicted }) => deviation > 0 && predicted > 0)
    const below = drawn.filter(({ deviation, predicted }) => deviation <= predicted).length
    return [
      Figure.points({
        id: "predicted",
        title: "Deviation of the answers and prediction delta / r",
        caption: `Each point is an oracle at one regularisation strength r. ${below} of ${drawn.length} lie below the diagonal: the measured rounding error divided by r bounds the deviation.`,
        rows: drawn,
        x: { field: "predicted", title: "measured error / r", scale: "log" },
        y: { field: "deviation", title: "deviation", scale: "log" },
        series: { field: "oracle", title: "oracle" },
        references: [
          Figure.diagonal(
            "as predicted",
            drawn.map(({ predicted }) => predicted),
          ),
        ],
      }),
    ]
  },
  expectations: (rows, { seeds }) => {
    const least = (column: "certified" | "predicted" | "declared") =>
      Summary.smallest(rows.map((row) => row[column]))
    const finest = "the value of the most precise oracle"
    return [
      Expectation.atMost(
        "deviation / certificate",
        rows.map((row) => row.deviation / row.certified),
        1,
        {
          control: finest,
          observed: rows.map((row) => row.deviation / least("certified")),
        },
      ),
      Expectation.atMost(
        "deviation / prediction from measured errors",
        // below 1e-11 other roundings than those of products count
        rows.map((row) => row.deviation / (3 * row.predicted + 1e-11)),
        1,
        {
          control: finest,
          observed: rows.map((row) => row.deviation / (3 * least("predicted") + 1e-11)),
        },
      ),
      Expectation.atMost(
        "measured error / declared error of the oracle",
        rows.map((row) => row.measured / (row.declared + 1e-15)),
        1,
        {
          control: finest,
          observed: rows.map((row) => row.measured / (least("declared") + 1e-15)),
        },
      ),
      Expectation.atMost(
        "share of answers separated by rounding, at most sqrt(d) rho / w plus five standard errors",
        rows.map((row) => row.failures - row.boundOfFailure),
        2.5 / Math.sqrt(seeds),
        {
          control: "answers with different seeds",
          observed: rows.map((row) => row.unshared - row.boundOfFailure),
        },
      ),
    ]
  },
})
