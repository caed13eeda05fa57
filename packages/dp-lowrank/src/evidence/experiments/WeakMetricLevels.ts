/** Appendix H with and without its squares. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { corrected } from "../support/Paper.ts"
import { between } from "../support/Settings.ts"
import { distances, spreadAtLevel } from "../support/Trials.ts"

const Row = Schema.Struct({
  level: Schema.Number,
  /** E[|M-hat_k - M|^2 - |M_k - M|^2] / kdT. */
  squared: Schema.Number,
  /** E[|M-hat_k - M| - |M_k - M|] / sqrt(kdT). */
  plain: Schema.Number,
})

type Row = typeof Row.Type

const levels = [0, 10, 100, 1000, 10_000]

export const weakMetricLevels = Experiment.table({
  id: "dp-lowrank/weak-metric-levels",
  title: "Appendix H: the squared metric grows with the level of the spectrum",
  source: corrected("Appendix H"),
  question: "With the spectrum L + [0, 4 sqrt d], how do the two excess errors depend on L?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Schema.Struct({
    dimension: between(4, 100),
    rank: Count,
    levels: Schema.Array(Schema.Finite),
    trials: Count,
  }),
  columns: Row,
  presets: {
    smoke: { dimension: 16, rank: 2, levels, trials: 10 },
    fast: { dimension: 50, rank: 5, levels, trials: 15 },
    paper: { dimension: 50, rank: 5, levels, trials: 100 },
  },
  paperSeconds: 2,
  cases: (config) => config.levels,
  row: (level, { config, kernels, seed }) => {
    const { dimension: d, rank, trials } = config
    const stream = RandomStream.make(seed.child(level))
    const { best, draw } = distances({ spectrum: spreadAtLevel(level, d), rank, stream, kernels })
    let [squared, plain] = [0, 0]
    for (let k = 0; k < trials; k++) {
      const error = draw()
      squared += (error * error - best * best) / (trials * rank * d)
      plain += (error - best) / (trials * Math.sqrt(rank * d))
    }
    return { level, squared, plain }
  },
  figures: (rows) => {
    const top = rows.filter(({ level }) => level >= 100)
    return [
      Figure.lines({
        id: "levels",
        title: "Excess error against the level of the spectrum",
        conclusion:
          'The squared excess, which Appendix H bounds by a constant, grows like L (along "slope 1"); the excess without squares does not grow.',
        rows: rows.flatMap(({ level, plain, squared }) => [
          { level, metric: "squared, over kdT", excess: squared },
          { level, metric: "not squared, over sqrt(kdT)", excess: plain },
        ]),
        x: { field: "level", title: "L", scale: "log", floor: 1 },
        y: { field: "excess", title: "excess", scale: "log", floor: 0.01 },
        series: { field: "metric", title: "excess" },
        references: [
          Figure.slope(
            "slope 1",
            1,
            top.map(({ level, squared }) => [level, squared / 2]),
          ),
        ],
      }),
    ]
  },
  expectations: (rows) => {
    const [before, last] = rows.slice(-2)
    if (last === undefined) return []
    const growth = "squared excess at 10 L / at L"
    const excess = rows.map(({ plain }) => plain)
    return [
      Expectation.within(
        growth,
        last.squared / before!.squared,
        10,
        { relative: 0.3 },
        { control: "without squares", observed: last.plain / before!.plain },
      ),
      Expectation.atMost("excess without squares", excess, 3, {
        control: "squared",
        observed: rows.map(({ squared }) => squared),
      }),
    ]
  },
})
