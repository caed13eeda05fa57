/** Findings that READMEs quote from a study beside those of its expectations and its table, computed from its rows. */
import * as Clause from "../../src/evidence/runs/Clause.ts"
import * as Judgement from "../../src/evidence/study/Judgement.ts"
import type { Side } from "../../src/evidence/study/Preregistration.ts"

export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

interface Findings {
  readonly means?: ReadonlyArray<Interval>
  readonly counts?: ReadonlyArray<{ readonly holds: number; readonly of: number }>
  /** Numbers of the design, and those that follow from it without the rows. */
  readonly design?: ReadonlyArray<number>
}

type Rows = Judgement.Rows
type Row = Rows[number]

const seedsOf = (rows: Rows) => [...Judgement.bySeed(rows).values()]

const average = (values: ReadonlyArray<number>) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

const alone = (mean: number): Interval => ({ mean, low: Number.NaN, high: Number.NaN })

const range = (values: ReadonlyArray<number>): Interval => ({
  mean: average(values),
  low: Math.min(...values),
  high: Math.max(...values),
})

const counted = (rows: Rows, holds: (row: Row) => boolean) => ({
  holds: rows.filter(holds).length,
  of: rows.length,
})

/** The difference of two sides, paired by seed. */
const difference = (rows: Rows, of: Side, against: Side): Interval =>
  alone(
    average(
      seedsOf(rows).map((own) => Judgement.valueOf(of, own) - Judgement.valueOf(against, own)),
    ),
  )

const clause = (where: string) => (rows: Rows) => Clause.fitting(rows, Judgement.clause(where))

const column = (rows: Rows, name: string, where: string) =>
  clause(where)(rows).map((row) => Number(row[name]))

/** The training loss of SAM over that of SGD, where traces are compared. */
const lossesAtTrace = (rows: Rows, where: string): Interval =>
  alone(
    average(column(rows, "trainLoss", `${where} and method=SAM and radius=0.2`)) /
      average(column(rows, "trainLoss", `${where} and method=SGD`)),
  )

/** The share of good runs of SAM less that of SGD, by the distance from the best. */
const goodness = (rows: Rows, within: number, best: string): Interval => {
  const side = (method: string): Side => ({
    share: "testAccuracy",
    within,
    where: `method=${method} and ${best}`,
    best,
  })
  return difference(rows, side("SAM"), side("SGD"))
}

const isTrue = (name: string) => (row: Row) => row[name] === true || row[name] === 1

export const findings: Readonly<Record<string, (rows: Rows) => Findings>> = {
  robustness: (rows) => ({
    means: [
      ...[0.01, 0.02, 0.03, 0.05].flatMap((within) =>
        ["radius<1", "radius<0.8"].map((best) => goodness(rows, within, best)),
      ),
      lossesAtTrace(rows, "learningRate=0.4"),
      // the standard error of an accuracy of 0.73 on 1,000 images
      alone(Math.sqrt((0.73 * 0.27) / 1000)),
    ],
    counts: [counted(rows, isTrue("interpolates"))],
  }),
  "robustness-with-batch-normalisation": (rows) => ({
    means: [lossesAtTrace(rows, "learningRate=0.4 and batchNormalisation=true")],
    counts: [counted(rows, isTrue("interpolates"))],
  }),
  "escape-from-a-bad-minimum": (rows) => ({
    means: ["bad minimum", "fresh start"].flatMap((method) =>
      ["testError", "trace"].map((metric) =>
        alone(average(column(rows, metric, `method='${method}'`))),
      ),
    ),
  }),
  "from-a-bad-minimum-at-rates-of-their-own": (rows) => ({
    means: [
      range(column(rows, "rawLoss", "method=RS and isLast=true")),
      alone(average(column(rows, "settling", "method=RS and isLast=true"))),
    ],
    // the loss of the mean label of ten equally frequent classes
    design: [0.5 * (1 - 1 / 10)],
  }),
  "flat-and-generalisation": (rows) => ({
    counts: [4, 8, 20].map((count) =>
      counted(
        clause(`rows=${count} and data!='breast-cancer'`)(rows),
        ({ testBefore }) => Number(testBefore) > 1,
      ),
    ),
  }),
  "steps-to-one-feature": (all) => {
    const rows = clause("isNoisy=true")(all)
    const predicted = column(rows, "predicted", "isNoisy=true")
    const logarithm = (own: Rows, neurons: number) =>
      average(column(own, "predicted", `neurons=${neurons}`).map(Math.log))
    const ratios = seedsOf(rows).map((own) => Math.exp(logarithm(own, 32) - logarithm(own, 4)))
    return {
      means: [
        Judgement.geometric(ratios),
        { ...range(predicted), high: Math.max(...predicted) / 1e6 },
        // what the sweep varies
        range(column(rows, "neurons", "isNoisy=true")),
        range(column(rows, "dimension", "isNoisy=true")),
      ],
      counts: [counted(rows, (row) => Number(row["predicted"]) <= 1e6)],
    }
  },
  "catapult-or-smaller-start": (rows) => ({
    means: ["pixels=all", "pixels=components"].map((where) =>
      alone(average(column(rows, "agreement", where))),
    ),
    counts: [
      counted(
        clause("pixels=components and arm='matched reset'")(rows),
        (row) => row["isSpiking"] === false || row["isSpiking"] === 0,
      ),
    ],
  }),
  "batch-size-in-components": (rows) => ({
    counts: [
      counted(clause("batchSize=8 and multiple=1")(rows), (row) => Number(row["catapults"]) > 0),
    ],
  }),
  "where-it-costs-nothing": () => ({
    // the least numbers of gradients, of minimisation and of games
    counts: [{ holds: Math.round(300 / 4 - 1), of: 300 }],
  }),
}
