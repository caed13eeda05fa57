/** Optimizers rank by alignment as they do by test loss. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { batchDescent } from "../../descent/BatchDescent.ts"
import { at, Contender, few, updateOf } from "../support/Contenders.ts"
import { recalled } from "../support/Paper.ts"
import { lost, productTask } from "../support/ProductTask.ts"
import { spearman } from "../support/Ranks.ts"
import { finish, runsOf, seedFields, taskFields } from "../support/Runs.ts"
import { mean } from "../support/Table.ts"

const Columns = Schema.Struct({
  ...Contender.fields,
  seed: Schema.Int,
  outcome: Schema.String,
  steps: Schema.Int,
  testLoss: Schema.Number,
  alignment: Schema.Number,
})

type Row = typeof Columns.Type

/** Tests whether a row is a run of a contender. */
const isOf = (row: Row, { learningRate, optimizer }: Contender): boolean =>
  row.optimizer === optimizer && row.learningRate === learningRate

/** The rank correlation of alignment and test loss over the runs that fit. */
const rankedIn = (rows: ReadonlyArray<Row>): string => {
  const known = rows.filter(({ outcome }) => outcome === "fitted")
  const correlation = spearman(
    known.map(({ alignment }) => alignment),
    known.map(({ testLoss }) => testLoss),
  )
  return `Over the ${known.length} runs that fit, the rank correlation of alignment and test loss is ${correlation.toFixed(2)}.`
}

const reference = {
  inputs: 30,
  width: 512,
  samples: 512,
  batchSize: 32,
  contenders: [
    ...at("SGD", [1, 3, 4.5]),
    ...at("momentum", [0.1, 0.3, 0.45]),
    ...at("RMSprop", [0.003, 0.01, 0.03]),
    ...at("Adagrad", [0.03, 0.1, 0.3]),
    ...at("Adam", [0.003, 0.01, 0.03, 0.1]),
  ],
  firstSeed: 0,
  seeds: 2,
  epochs: 3000,
}

const fast = {
  ...reference,
  inputs: 20,
  width: 256,
  samples: 256,
  batchSize: 16,
  contenders: few,
  epochs: 600,
}

export const optimizers = Experiment.table({
  id: "catapults/optimizers",
  title: "Optimizers at equal training loss",
  source: recalled("Table 2: optimizers, alignment and test performance"),
  question: "Do alignment and test loss rank the optimizers in the same order?",
  paperScale:
    "The paper has a table of optimizers over synthetic and real data; its sizes are unknown to us.",
  config: Schema.Struct({
    ...taskFields,
    batchSize: Count,
    contenders: Schema.Array(Contender),
    ...seedFields,
    epochs: Count,
  }),
  columns: Columns,
  presets: {
    smoke: { ...fast, inputs: 10, width: 96, samples: 128, seeds: 1 },
    fast,
    paper: reference,
  },
  paperSeconds: 25,
  cases: (config) => runsOf(config.contenders, config),
  row: ({ seed: k, value: contender }, { config, kernels, seed: root }) => {
    const task = productTask(config, root.child(k), kernels)
    const run = finish(
      batchDescent({
        ...config,
        update: updateOf(contender),
        seed: root.child(k).child("batches"),
      }),
      { model: task.network, loss: task.loss },
      task.start,
    )
    const { outcome, point: parameters, steps } = run
    const quality = outcome === "diverged" ? lost : task.quality(parameters)
    return { ...contender, seed: k, outcome, steps, ...quality }
  },
  figures: (rows) => [
    Figure.points({
      id: "ranks",
      title: "Alignment and test loss of optimizers",
      caption: rankedIn(rows),
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "optimizer", title: "optimizer" },
    }),
  ],
  expectations: (rows, { contenders, seeds }) => {
    const known = rows.filter(({ outcome }) => outcome === "fitted")
    const fit = contenders.filter((contender) => known.some((row) => isOf(row, contender)))
    const of = (field: (row: Row) => number) =>
      fit.map((contender) => mean(known, field, (row) => isOf(row, contender)))
    const [alignments, losses] = [of(({ alignment }) => alignment), of(({ testLoss }) => testLoss)]
    /** Rank correlation of each alignment with the loss of the contender at the given offset. */
    const agreement = (places: number) =>
      spearman(alignments, [...losses.slice(places), ...losses.slice(0, places)])
    return [
      Expectation.atLeast(
        "Number of methods that fit",
        fit.length,
        8,
        Expectation.uncontrolled("only methods that fit are ranked"),
      ),
      Expectation.atMost(
        "Rank correlation of alignment and test loss",
        agreement(0),
        // of ten numbers that are no means the ranks scatter
        seeds > 1 ? -0.8 : -0.6,
        {
          control: "each method with the test loss of another",
          observed: fit.slice(1).map((_, k) => agreement(k + 1)),
        },
      ),
    ]
  },
})
