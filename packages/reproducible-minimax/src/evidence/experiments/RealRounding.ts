import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { AtLeastTwo, Count, Positive } from "@nonconvex/evidence/Fields"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Schema from "effect/Schema"
import { measureError } from "../../oracle/ErrorMeter.ts"
import type { Problem } from "../../problem/Problem.ts"
import { ditheredRounding } from "../../solve/DitheredRounding.ts"
import { certify } from "../../solve/Run.ts"
import * as Theory from "../../theory/index.ts"
import { same } from "../support/ChangedGame.ts"
import { machines } from "../support/Machines.ts"
import { derived } from "../support/Paper.ts"

/** Solved as far as the oracle lets it: to twice its error over the strength. */
const solved = (problem: Problem, start: Float64Array, strength: number) => {
  const allowedError = 1.5 * problem.error + 1e-12
  const distance = (2 * allowedError) / strength
  const deviation = 2 * distance
  const plan = { gap: 1, deviation, algorithm: "regularised", strength, outer: 1 } as const
  return certify(problem, start, { ...plan, distance, allowedError })
}

export const realRounding = Experiment.table({
  id: "reproducible-minimax/real-rounding",
  title: "Rounding noise of real machines: measured, predicted, certified",
  source: derived("Theorem 4.6 with the error of a real oracle"),
  question:
    "How far do float32, another order of summation and a coarse grid move the answer of a regularised matrix game, and does the theory know it before?",
  paperSeconds: 5,
  paperScale:
    "The paper has no such experiment: its own are Figures 1 and 2, on a quadratic and a bilinear game.",
  config: Schema.Struct({
    size: AtLeastTwo,
    strengths: Schema.Array(Positive),
    /** Shared seeds with which answers are rounded. */
    seeds: Count,
  }),
  columns: Schema.Struct({
    oracle: Schema.String,
    strength: Schema.Finite,
    /** What the meter reads, and what the oracle declares. */
    measured: Schema.Number,
    declared: Schema.Number,
    /** Of the answers: predicted from the reading, certified, and seen. */
    predicted: Schema.Number,
    certified: Schema.Number,
    deviation: Schema.Number,
    /** Of rounding to a grid eight times as wide as the deviation: bound, and share of seeds with other bits. */
    boundOfFailure: Schema.Number,
    failures: Schema.Number,
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
      const width = 8 * Math.max(deviation, 1e-15)
      let different = 0
      for (let k = 0; k < seeds; k++) {
        const shared = seed.child("rounding").child(k)
        const [one, two] = [reference, answer].map(
          ({ point }) => ditheredRounding(point, { seed: shared, width }).point,
        )
        if (!same(one!, two!)) different++
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
      }
    })
  },
  figures: (rows) => [
    Figure.points({
      id: "predicted",
      title: "Deviation of the answers over the prediction delta / r",
      caption:
        "Every point lies below the diagonal: the meter's reading, divided by the strength, bounds what is seen.",
      rows: rows.filter(({ deviation, predicted }) => deviation > 0 && predicted > 0),
      x: { field: "predicted", title: "measured error / r", scale: "log" },
      y: { field: "deviation", title: "deviation", scale: "log" },
      series: { field: "oracle", title: "oracle" },
    }),
  ],
  expectations: (rows, { seeds }) => {
    const certified = rows.map((row) => row.deviation / row.certified)
    // below 1e-11 other roundings than those of products count
    const predicted = rows.map((row) => row.deviation / (3 * row.predicted + 1e-11))
    const declared = rows.map((row) => row.measured / (row.declared + 1e-15))
    const meter = "No deviation exceeds three times the prediction from the meter"
    return [
      Expectation.atMost("No deviation exceeds the certificates", certified, 1),
      Expectation.atMost(meter, predicted, 1),
      Expectation.atMost("No reading exceeds what its oracle declares", declared, 1),
      Expectation.atMost(
        "Rounding separates no more answers than sqrt(d) rho / w, to five standard errors",
        rows.map((row) => row.failures - row.boundOfFailure),
        2.5 / Math.sqrt(seeds),
      ),
    ]
  },
})
