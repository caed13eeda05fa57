/** Forced catapults raise the alignment and lower the test loss, at equal training loss. */
import { Expectation, Experiment, Figure } from "@nonconvex/evidence"
import { Schema } from "effect"
import { recalled } from "../support/Paper.ts"
import { raising } from "../../descent/RateControl.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import * as Theory from "../../theory/index.ts"
import { lost } from "../support/ProductTask.ts"
import { forcedCases, ForcedConfig, forcedFields, forcedRun, rank } from "../support/ForcedRun.ts"
import { allFit, byRaises } from "../support/Table.ts"

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

export const forcedCatapults = Experiment.table({
  id: "catapults/forced-catapults",
  title: "Forced catapults, at equal training loss",
  source: recalled("Section 4: gradient descent with several catapults, rank-2 regression"),
  question: "Does each catapult raise the alignment of the AGOP and lower the test loss?",
  paperScale:
    "The paper has two synthetic and two real data sets, whose sizes are not known to us; an independent reproduction has 100 inputs, width 1024 and 1024 samples.",
  config: ForcedConfig,
  columns: Schema.Struct({
    ...forcedFields,
    testLoss: Schema.Number,
    alignment: Schema.Number,
    baseline: Schema.Finite,
    /** lambda / n at the end. */
    kernel: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, inputs: 20, width: 256, samples: 256, raises: [0, 2], seeds: 1 },
    fast: { ...reference, raises: [0, 1, 2], inputs: 20, width: 256, samples: 256, seeds: 5 },
    paper: reference,
  },
  paperSeconds: 30,
  cases: forcedCases,
  row: (run, context) => {
    const { config, kernels } = context
    const { inputs, multiple, samples: n } = config
    const { descent, isLost, row, task } = forcedRun(run, context, {
      control: raising({ raises: run.raises, multiple }),
      lossOf: ({ loss }) => loss,
    })
    const kernel = new Float64Array(n * n)
    if (!isLost) descent.tangentKernel(kernel)
    return {
      ...row,
      ...(isLost ? lost : task.quality(descent.parameters())),
      baseline: Theory.isotropicAlignment(rank, inputs),
      kernel: isLost ? Number.NaN : TangentKernel.topEigenvalue(kernel, n, kernels) / n,
    }
  },
  figures: () => [
    Figure.points({
      id: "alignment",
      title: "Alignment and test loss",
      caption:
        "Each point is a run to the same training loss: more catapults, more alignment with the true AGOP, a smaller test loss.",
      x: { field: "alignment", title: "alignment with the true AGOP" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "raises", title: "forced catapults" },
    }),
  ],
  expectations: (rows) => {
    const further = rows.map(({ raises, spikes }) => spikes - raises)
    const gains = rows.map(({ alignment, baseline }) => alignment / baseline)
    return [
      allFit(rows),
      Expectation.increasing(
        "The mean test loss falls with the number of catapults",
        byRaises(rows, ({ testLoss }) => testLoss).toReversed(),
      ),
      Expectation.increasing(
        "The mean alignment rises with the first two catapults",
        byRaises(rows, ({ alignment }) => alignment).slice(0, 3),
      ),
      Expectation.atLeast("Every run counts at least the forced spikes", further, 0),
      Expectation.increasing(
        "The kernel ends smaller with the number of catapults",
        byRaises(rows, ({ kernel }) => kernel).toReversed(),
      ),
      Expectation.atLeast("The alignment is far above that of no learning", gains, 2),
    ]
  },
})
