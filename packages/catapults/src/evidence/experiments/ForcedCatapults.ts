/** Forced catapults raise the alignment and lower the test loss, at equal training loss. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Schema } from "effect"
import { raising } from "../../descent/RateControl.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import { forcedCases, ForcedConfig, forcedFields, forcedRun } from "../support/ForcedRun.ts"
import { recalled } from "../support/Paper.ts"
import { lost } from "../support/ProductTask.ts"
import { allFit, endAlike, heldOverNone, overFewer } from "../support/Table.ts"

const reference: ForcedConfig = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: [0, 1, 2, 3],
  firstSeed: 0,
  seeds: 5,
  multiple: 1.3,
  tolerance: 1e-3,
}

const Columns = Schema.Struct({
  ...forcedFields,
  testLoss: Schema.Number,
  alignment: Schema.Number,
  /** Before the first step. */
  startAlignment: Schema.Finite,
  /** Final lambda / n. */
  kernel: Schema.Number,
})

type Row = typeof Columns.Type

export const forcedCatapults = Experiment.table({
  id: "catapults/forced-catapults",
  title: "Forced catapults, at equal training loss",
  source: recalled("Section 4: gradient descent with several catapults, rank-2 regression"),
  question: "Does each catapult increase the alignment of the AGOP and lower the test loss?",
  paperScale:
    "The paper has two synthetic and two real data sets of sizes that are unknown to us; an independent reproduction has 100 inputs, width 1024 and 1024 samples.",
  config: ForcedConfig,
  columns: Columns,
  presets: {
    smoke: { ...reference, inputs: 20, width: 256, samples: 256, raises: [0, 2], seeds: 1 },
    fast: { ...reference, raises: [0, 1, 2], inputs: 20, width: 256, samples: 256, seeds: 5 },
    paper: reference,
  },
  paperSeconds: 30,
  cases: forcedCases,
  row: (run, context) => {
    const { config, kernels } = context
    const { multiple, samples: n } = config
    const { descent, isLost, row, task } = forcedRun(run, context, {
      control: raising({ raises: run.raises, multiple }),
      lossOf: ({ loss }) => loss,
    })
    const kernel = new Float64Array(n * n)
    if (!isLost) descent.tangentKernel(kernel)
    return {
      ...row,
      ...(isLost ? lost : task.quality(descent.parameters())),
      startAlignment: task.quality(task.start).alignment,
      kernel: isLost ? Number.NaN : TangentKernel.topEigenvalue(kernel, n, kernels) / n,
    }
  },
  figures: () => [
    Figure.points({
      id: "alignment",
      title: "Alignment and test loss",
      caption:
        "Each point is a run to the same training loss, and thin lines join the runs of one seed; raises in the runs called held stay below the critical learning rate.",
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "schedule", title: "schedule" },
      pairs: "seed",
    }),
  ],
  expectations: (rows) => {
    const further = (wanted: boolean) =>
      rows.flatMap(({ isHeld, raises, spikes }) => (isHeld === wanted ? [spikes - raises] : []))
    const testLoss = (row: Row) => row.testLoss
    const misalignment = (row: Row) => 1 - row.alignment
    const kernel = (row: Row) => row.kernel
    return [
      allFit(rows),
      endAlike(rows, { name: "test losses, which stop no run", of: testLoss }),
      Expectation.atMost(
        "Mean test loss with one more catapult / without it, for the first two catapults",
        overFewer(rows, testLoss).slice(0, 2),
        0.9,
        heldOverNone(rows, testLoss),
      ),
      Expectation.atMost(
        "1 - mean alignment with one more catapult / without it, for the first two catapults",
        overFewer(rows, misalignment).slice(0, 2),
        0.9,
        heldOverNone(rows, misalignment),
      ),
      Expectation.atLeast(
        "Number of spikes minus number of forced spikes, in every run",
        further(false),
        0,
        {
          control: "raises held below the critical learning rate",
          observed: further(true),
        },
      ),
      Expectation.atMost(
        "Final kernel with one more catapult / without it",
        overFewer(rows, kernel),
        0.9,
        heldOverNone(rows, kernel),
      ),
      Expectation.atLeast(
        "Final alignment",
        rows.map(({ alignment }) => alignment),
        0.5,
        { control: "before the first step", observed: rows.map((row) => row.startAlignment) },
      ),
    ]
  },
})
