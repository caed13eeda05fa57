/** Batch sizes at one learning rate and equal training loss. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { sgd } from "@nonconvex/problems/Sgd"
import { Schema } from "effect"
import { batchDescent, supercriticalShare } from "../../descent/BatchDescent.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { recalled } from "../support/Paper.ts"
import { lost, productTask } from "../support/ProductTask.ts"
import { finish, runsOf, seedFields, taskFields } from "../support/Runs.ts"
import { mean } from "../support/Table.ts"

const Columns = Schema.Struct({
  batchSize: Schema.Int,
  /** The rate over the critical one of all samples at the start. */
  multiple: Schema.Finite,
  seed: Schema.Int,
  outcome: Schema.String,
  epochs: Schema.Number,
  spikes: Schema.Int,
  supercriticalShare: Schema.Number,
  /** Final over initial top eigenvalue of the kernel of all samples. */
  kernelRatio: Schema.Number,
  testLoss: Schema.Number,
  alignment: Schema.Number,
})

type Row = typeof Columns.Type

const reference = {
  inputs: 30,
  width: 512,
  samples: 512,
  batchSizes: [512, 64, 16, 8, 4],
  multiple: 0.8,
  calmMultiple: 0.1,
  firstSeed: 0,
  seeds: 3,
  tolerance: 1e-3,
}

const fast = {
  ...reference,
  inputs: 20,
  width: 256,
  samples: 256,
  batchSizes: [256, 64, 16, 8],
}

/** Layers that the figures share: thin lines join the runs of one seed at one rate. */
const frame = (rows: ReadonlyArray<Row>) =>
  ({
    rows: rows.map((row) => ({ ...row, run: `seed ${row.seed}, rate ${row.multiple}` })),
    x: { field: "batchSize", title: "batch size", scale: "log" },
    series: {
      field: "multiple",
      title: "learning rate / critical rate",
    },
    pairs: "run",
  }) as const

/** Below which ratio the kernel has fallen as after a catapult. */
const fallen = 0.9

const kernelsIn = (rows: ReadonlyArray<Row>): string => {
  const spiking = rows.filter(({ spikes }) => spikes > 0)
  const low = spiking.filter(({ kernelRatio }) => kernelRatio <= fallen)
  return `The kernel of all samples ends at or below ${fallen} times its initial value in ${low.length} of ${spiking.length} runs with spikes; other spikes are not catapults by this criterion.`
}

export const batchSizes = Experiment.table({
  id: "catapults/batch-sizes",
  title: "Batch size at one learning rate and equal training loss",
  source: recalled("Figure 7: batch size, alignment and test loss"),
  question:
    "Do smaller batches, which have smaller critical learning rates, learn the features better?",
  paperScale:
    "The paper also has real data, and one learning rate per task; its sizes are unknown to us.",
  config: Schema.Struct({
    ...taskFields,
    /** From large to small. */
    batchSizes: Schema.Array(Count),
    /** Multiples of the critical rate of all samples at the start. */
    multiple: Positive,
    /** The same for runs of the smallest batches below their own critical rates: the control. */
    calmMultiple: Positive,
    ...seedFields,
    tolerance: Positive,
  }),
  columns: Columns,
  presets: {
    smoke: { ...fast, width: 128, batchSizes: [256, 8], seeds: 1 },
    fast,
    paper: reference,
  },
  paperSeconds: 10,
  cases: (config) => {
    const { batchSizes: sizes, calmMultiple, multiple } = config
    const settings = [
      ...sizes.map((batchSize) => ({ batchSize, multiple })),
      ...sizes.slice(-1).map((batchSize) => ({ batchSize, multiple: calmMultiple })),
    ]
    return runsOf(settings, config)
  },
  row: ({ seed: k, value: { batchSize, multiple } }, { config, kernels, seed: root }) => {
    const { tolerance } = config
    const task = productTask(config, root.child(k), kernels)
    const { loss, network, start } = task
    const critical = TangentKernel.criticalRate(network, loss, start)
    const run = finish(
      batchDescent({
        batchSize,
        update: sgd({ learningRate: multiple * critical }),
        seed: root.child(k).child("batches"),
        tolerance,
        epochs: 3000,
        // a look at the kernel of a large batch costs as much as many steps
        probeEvery: Math.max(1, Math.ceil(batchSize / 8)),
      }),
      { model: network, loss },
      start,
    )
    const { outcome, point: parameters, spikes } = run
    const isLost = outcome === "diverged"
    const end = isLost ? Number.NaN : TangentKernel.criticalRate(network, loss, parameters)
    return {
      batchSize,
      multiple,
      seed: k,
      outcome,
      epochs: run.steps / run.perEpoch,
      spikes: spikes.length,
      supercriticalShare: supercriticalShare(run),
      kernelRatio: critical / end,
      ...(isLost ? lost : task.quality(parameters)),
    }
  },
  figures: (rows) => [
    Figure.points({
      ...frame(rows),
      id: "batches",
      title: "Test loss by batch size",
      caption:
        "Each point is a run to the same training loss, and thin lines join the runs of one seed.",
      where: { outcome: ["fitted", "budget"] },
      y: { field: "testLoss", title: "test loss", scale: "log" },
    }),
    Figure.points({
      ...frame(rows),
      id: "share",
      title: "Steps above the critical learning rate of their batch",
      caption: "Share of batches with a critical learning rate below the learning rate.",
      y: { field: "supercriticalShare", title: "share" },
    }),
    Figure.points({
      ...frame(rows),
      id: "spikes",
      title: "Spikes by batch size, and the kernel after them",
      caption: kernelsIn(rows),
      y: { field: "spikes", title: "spikes", scale: "integers" },
    }),
  ],
  expectations: (rows, { batchSizes: sizes, calmMultiple, multiple }) => {
    // a batch size at which a run was lost has no mean over all runs
    const whole = sizes.filter((size) => {
      const runs = rows.filter((row) => row.batchSize === size && row.multiple === multiple)
      return runs.length > 0 && runs.every(({ outcome }) => outcome === "fitted")
    })
    const [large, small] = [whole[0], whole.at(-1)]
    const at = (size: number | undefined, field: (row: Row) => number, rate = multiple) =>
      mean(rows, field, (row) => row.batchSize === size && row.multiple === rate)
    const calm = "the smallest batches, below their critical learning rates"
    /** Mean over the smallest batches, at either rate, divided by the mean over the largest. */
    const overLarge = (field: (row: Row) => number, rate?: number) =>
      at(rate === undefined ? small : sizes.at(-1), field, rate) / at(large, field)
    /** Mean over the smallest batches minus the mean over the largest. */
    const more = (field: (row: Row) => number, rate?: number) =>
      at(rate === undefined ? small : sizes.at(-1), field, rate) - at(large, field)
    /** Means for increasing batch sizes; with a rate, the smallest batch at that rate replaces the first. */
    const named = (field: (row: Row) => number, rate?: number) =>
      whole.toReversed().map((size, k) => {
        const isAtRate = k === 0 && rate !== undefined
        const shown = isAtRate ? sizes.at(-1) : size
        return [`batch ${shown}`, at(shown, field, isAtRate ? rate : multiple)] as const
      })
    const falling = (statement: string, field: (row: Row) => number) => [
      Expectation.atMost(
        `${statement}, smallest batches / largest batches`,
        overLarge(field),
        0.8,
        {
          control: calm,
          observed: overLarge(field, calmMultiple),
        },
      ),
      // between two sizes it says no more
      ...(whole.length < 3
        ? []
        : [
            Expectation.increasing(`${statement} increases with batch size`, named(field), {
              control: calm,
              observed: named(field, calmMultiple),
            }),
          ]),
    ]
    const share = (row: Row) => row.supercriticalShare
    const spikes = (row: Row) => row.spikes
    return [
      Expectation.atLeast(
        "Number of batch sizes at which runs fit",
        whole.length,
        2,
        Expectation.uncontrolled("only batch sizes that fit are compared"),
      ),
      ...falling("Mean test loss", ({ testLoss }) => testLoss),
      ...falling("1 - mean alignment", ({ alignment }) => 1 - alignment),
      Expectation.atLeast(
        "Share of steps above the critical learning rate: small batches minus large ones",
        more(share),
        0.3,
        { control: calm, observed: more(share, calmMultiple) },
      ),
      Expectation.atLeast(
        "Mean number of spikes: small batches minus large ones",
        more(spikes),
        1,
        {
          control: calm,
          observed: more(spikes, calmMultiple),
        },
      ),
    ]
  },
})
