/** Batch size on images, with a learning rate tuned for each: catapults, alignment with a strong predictor, and test error. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Count, Positive } from "@nonconvex/problems/Fields"
import * as Sampler from "@nonconvex/problems/Sampler"
import { Schema } from "effect"
import { isLost } from "../../descent/RunDiverged.ts"
import { sampleDescent } from "../../descent/SampleDescent.ts"
import { spikeDetector } from "../../monitor/Spikes.ts"
import * as TangentKernel from "../../network/TangentKernel.ts"
import {
  agreementIn,
  imageNetwork,
  type ImageTask,
  imageTask,
  lost,
  taskOptions,
  taskSettings,
} from "../support/ImageTask.ts"
import { recalled } from "../support/Paper.ts"
import { runsOf, seedFields } from "../support/Runs.ts"

const Config = Schema.Struct({
  ...taskSettings,
  samples: Count,
  referenceSamples: Count,
  testSamples: Count,
  width: Count,
  /** From large to small. */
  batchSizes: Schema.Array(Count).check(Schema.isMinLength(1)),
  /** Multiples of the critical rate of all samples at the start. */
  multiples: Schema.Array(Positive).check(Schema.isMinLength(1)),
  tolerance: Positive,
  epochs: Count,
  ...seedFields,
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  batchSize: Schema.Int,
  run: Schema.Int,
  multiple: Schema.Finite,
  /** Marks the rate with the smallest loss on the tuning images, among the runs that interpolate. */
  tuned: Schema.Int,
  outcome: Schema.Literals(["fitted", "budget", "diverged"]),
  epochs: Schema.Number,
  trainLoss: Schema.Number,
  spikes: Schema.Int,
  /** Spikes that closed, over which the top eigenvalue of the kernel fell to at most 0.9. */
  catapults: Schema.Int,
  /** Final over initial top eigenvalue of the tangent kernel. */
  kernelRatio: Schema.Number,
  tuningLoss: Schema.Number,
  testLoss: Schema.Number,
  testError: Schema.Number,
  alignment: Schema.Number,
  /** Alignment of two references of disjoint images, where the training images are drawn. */
  agreement: Schema.optionalKey(Schema.Finite),
})

type Row = typeof Columns.Type

const reference: Config = {
  samples: 64,
  referenceSamples: 1000,
  testSamples: 400,
  width: 256,
  batchSizes: [64, 16, 4],
  multiples: [0.5, 1, 1.5, 2.5],
  tolerance: 1e-3,
  epochs: 6000,
  firstSeed: 0,
  seeds: 10,
}

const catapultFall = 0.9

interface Setting {
  readonly batchSize: number
  readonly multiple: number
  readonly config: Config
  readonly task: ImageTask
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}

/** SGD at one rate until all samples fit. */
const runOf = ({ batchSize, config, kernels, multiple, seed, task }: Setting) => {
  const { loss, network, quality, start } = imageNetwork(task, config.width, seed, kernels)
  const { architecture } = network
  const { features } = task.train
  const n = network.size
  const descent = sampleDescent({ architecture, features, loss, start, kernels })
  const kernel = new Float64Array(n * n)
  /** Step of the last evaluation of all samples. */
  const top = () => {
    descent.tangentKernel(kernel)
    return TangentKernel.topEigenvalue(kernel, n, kernels)
  }
  const first = descent.evaluate()
  const atStart = top()
  const rate = (multiple * n) / atStart
  const sampler = Sampler.make(n, { rule: "epochs", batch: batchSize, seed: seed.child("batches") })
  const perEpoch = Math.floor(n / batchSize)
  const detector = spikeDetector()
  let [spikes, catapults] = [0, 0]
  let before = Number.NaN
  let value = first
  let step = 0
  for (; step < config.epochs * perEpoch; step++) {
    value = descent.evaluate()
    if (isLost(value, first) || value < config.tolerance) break
    const wasOpen = detector.current()?.onset !== undefined
    const ended = detector.observe(step, value)
    if (ended?.onset !== undefined) {
      spikes++
      if (top() <= catapultFall * before) catapults++
    }
    if (!wasOpen && detector.current()?.onset !== undefined) before = top()
    descent.evaluate(Sampler.next(sampler))
    descent.move(rate)
  }
  const isOver = isLost(value, first)
  const outcome: Row["outcome"] = isOver
    ? "diverged"
    : value < config.tolerance
      ? "fitted"
      : "budget"
  descent.evaluate()
  return {
    multiple,
    outcome,
    epochs: step / perEpoch,
    trainLoss: value,
    spikes,
    catapults,
    kernelRatio: isOver ? Number.NaN : top() / atStart,
    ...(isOver ? lost : quality(descent.parameters())),
  }
}

export const batchSizeOnImages = Experiment.table({
  id: "catapults/batch-size-on-images",
  title: "Batch size on images, with a learning rate tuned for each",
  source: recalled("Figure 7: batch size, alignment and test loss"),
  question:
    "With the learning rate tuned for each batch size, do smaller batches catapult more often, align better with a strong predictor, and generalise better?",
  paperScale:
    "The paper has one learning rate per task, and real data of sizes that are unknown to us. Here a network with one hidden layer learns 64 images of two classes at a quarter of the pixels.",
  config: Config,
  optional: taskOptions,
  columns: Columns,
  presets: {
    smoke: {
      ...reference,
      samples: 32,
      referenceSamples: 100,
      testSamples: 100,
      width: 64,
      batchSizes: [32, 4],
      multiples: [0.5, 1.5],
      tolerance: 0.02,
      seeds: 1,
    },
    fast: {
      ...reference,
      referenceSamples: 300,
      width: 128,
      batchSizes: [64, 8],
      multiples: [0.5, 1.5],
      tolerance: 0.01,
      seeds: 2,
    },
    paper: reference,
  },
  paperSeconds: 80,
  prepare: ({ config, kernels, seed }) => imageTask(config, kernels, seed),
  cases: (config) => runsOf(config.batchSizes, config),
  row: ({ seed: run, value: batchSize }, { config, kernels, seed, shared: task }) => {
    const runs = config.multiples.map((multiple) =>
      runOf({ batchSize, multiple, config, task, seed: seed.child(run), kernels }),
    )
    const fitted = runs.filter(({ outcome }) => outcome === "fitted")
    const best = Summary.smallest(fitted.map(({ tuningLoss }) => tuningLoss))
    return runs.map((each) => ({
      batchSize,
      run,
      tuned: each.outcome === "fitted" && each.tuningLoss === best ? 1 : 0,
      ...each,
      ...agreementIn(task),
    }))
  },
  figures: () => [
    Figure.points<Row>({
      id: "tuned",
      title: "Test loss by batch size, with a learning rate tuned for each",
      caption:
        "Each point is one run, at the learning rate with the smallest loss on the validation set.",
      where: { tuned: 1 },
      x: { field: "batchSize", title: "batch size", scale: "log" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "multiple", title: "learning rate / critical learning rate" },
    }),
    Figure.points<Row>({
      id: "catapults",
      title: "Catapults and test loss at every learning rate",
      caption:
        "Catapults are counted as finished spikes over which the kernel fell to at most 0.9 of its value.",
      where: { outcome: "fitted" },
      x: { field: "catapults", title: "catapults", scale: "integers" },
      y: { field: "testLoss", title: "test loss", scale: "log" },
      series: { field: "batchSize", title: "batch size" },
    }),
  ],
  expectations: (rows, { tolerance }) => {
    const fitted = rows.filter(({ outcome }) => outcome === "fitted")
    const past = rows.filter(({ multiple }) => multiple > 1)
    const below = rows.filter(({ multiple }) => multiple < 1)
    const mean = (of: ReadonlyArray<Row>, field: "catapults" | "spikes") =>
      Summary.mean(of.map((row) => row[field]))
    return [
      Expectation.within(
        "training loss of fitted runs / tolerance",
        fitted.map(({ trainLoss }) => trainLoss / tolerance),
        1,
        { absolute: 0.35 },
        Expectation.uncontrolled("it checks that all runs are compared at the same training loss"),
      ),
      Expectation.atLeast(
        "Mean number of catapults above the critical learning rate",
        mean(past, "catapults"),
        0.5,
        { control: "learning rates below it", observed: mean(below, "catapults") },
      ),
    ]
  },
})
