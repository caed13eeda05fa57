/** Catapults of the cross entropy: the question that the paper left open to its reviewers. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import { Schema } from "effect"
import { raising } from "../../descent/RateControl.ts"
import * as Agop from "../../features/Agop.ts"
import { ntkNetwork } from "../../network/NtkNetwork.ts"
import { logisticLoss } from "../../network/OutputLoss.ts"
import { forcedCases, ForcedConfig, forcedFields, forcedRun, rank } from "../support/ForcedRun.ts"
import { derived } from "../support/Paper.ts"
import { signAccuracy } from "../support/SignAccuracy.ts"
import { allFit, endAlike, heldOverNone, overNone } from "../support/Table.ts"

const reference: ForcedConfig = {
  inputs: 30,
  width: 512,
  samples: 512,
  raises: [0, 1, 2],
  multiple: 1.6,
  // as low as two raises end, so that runs with fewer go on to it: before, they end higher, and align less for that alone
  tolerance: 0.003,
  firstSeed: 0,
  seeds: 5,
}

const fast = { ...reference, inputs: 20, width: 256, samples: 256, seeds: 3 }

const Columns = Schema.Struct({
  ...forcedFields,
  accuracy: Schema.Number,
  alignment: Schema.Number,
})

type Row = typeof Columns.Type

export const crossEntropy = Experiment.table({
  id: "catapults/cross-entropy",
  title: "Raises of the learning rate under cross entropy, at equal training loss",
  source: derived("the paper studies squared losses only (as recalled)"),
  question:
    "Does a learning rate above 2 / lambda(J' diag(p (1 - p)) J / n) cause a catapult of the cross entropy, and does it align the features?",
  paperScale: "The paper has squared losses only (as recalled).",
  config: ForcedConfig,
  columns: Columns,
  presets: {
    // a network of this width that is thrown by 1.6 never fits again in one run of three
    smoke: { ...fast, width: 128, raises: [0, 2], multiple: 1.4, seeds: 1 },
    fast,
    paper: reference,
  },
  paperSeconds: 8,
  cases: forcedCases,
  // the quadrants of two coordinates as classes: the sign of the product that the regression is on
  row: (run, context) => {
    const { config, kernels } = context
    const { inputs, multiple } = config
    const { descent, isLost, row, task } = forcedRun(run, context, {
      control: raising({ raises: run.raises, multiple, first: 20, gap: 40 }),
      budget: 4000,
      lossOf: ({ targets }) => logisticLoss(targets.map((y) => (y > 0 ? 1 : -1))),
    })
    const theta = descent.parameters()
    const { features, targets } = task.test
    const tested = ntkNetwork({ architecture: task.architecture, features, kernels })
    const predictions = new Float64Array(tested.size)
    tested.predict(theta, predictions)
    if (isLost) return { ...row, accuracy: Number.NaN, alignment: Number.NaN }
    const alignment = Agop.alignment(Agop.agop(tested, theta), Agop.ofProduct(rank, inputs))
    return { ...row, accuracy: signAccuracy(predictions, targets), alignment }
  },
  figures: (rows, { tolerance }) => [
    Figure.points({
      id: "alignment",
      title: "Alignment and test accuracy",
      caption: `Each point is a run that ends at or below ${tolerance} in cross entropy; thin lines join the runs of one seed.`,
      x: { field: "alignment", title: "alignment with the true AGOP of the product" },
      y: { field: "accuracy", title: "test accuracy" },
      series: { field: "schedule", title: "schedule" },
      pairs: "seed",
    }),
  ],
  // set anew after seeds 1 to 10 had been seen
  firstSeed: 11,
  expectations: (rows, { seeds }) => {
    const alike = endAlike(rows, {
      name: "numbers of steps instead of errors",
      of: ({ steps }) => steps,
    })
    // whether a raise catapults a run depends on its start
    if (seeds < 3) return [allFit(rows), alike]
    const misalignment = (row: Row) => 1 - row.alignment
    const testError = (row: Row) => 1 - row.accuracy
    return [
      allFit(rows),
      alike,
      Expectation.atMost(
        "1 - mean alignment, with raises / without",
        overNone(rows, misalignment),
        0.99,
        heldOverNone(rows, misalignment),
      ),
      Expectation.atMost(
        "Mean test error, with raises / without",
        overNone(rows, testError),
        0.99,
        heldOverNone(rows, testError),
      ),
    ]
  },
})
