/** The paper's two algorithms from a bad minimum on images, compared with SGD, SAM and label noise at equal gradient calls. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Effect } from "effect"
import { fit, type Images, imagesOf, minima, squaredNetwork } from "../support/BadMinimum.ts"
import { Columns, Config, type Contender, names, type Row } from "../support/BadMinimumRuns.ts"
import { recalled } from "../support/Paper.ts"
import { runOf } from "../support/RunsFromAPoint.ts"

const contenders: ReadonlyArray<Contender> = [
  { method: "SGD", learningRate: 0.02, strength: 1 },
  { method: "label noise", learningRate: 0.02, strength: 0.6 },
  { method: "SAM", learningRate: 0.02, strength: 0.3 },
  { method: "RS", learningRate: 0.02, strength: 6 },
  { method: "SA", learningRate: 0.02, strength: 0.2 },
]

const reference: Config = {
  perClass: 20,
  hidden: 32,
  wrong: 0.5,
  contenders,
  batchSize: 10,
  budget: 1000,
  looks: 2,
  gradientThreshold: 1,
  fitRate: 0.02,
  fitSteps: 20_000,
  tolerance: 5e-4,
  runs: 10,
}

interface Setting {
  readonly images: Images
  readonly config: Config
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}

const rowsOfSeed = (index: number, setting: Setting): ReadonlyArray<Row> => {
  const { config, images, kernels, seed } = setting
  const { batchSize, budget, fitRate, fitSteps, gradientThreshold, looks, tolerance } = config
  const fitting = { learningRate: fitRate, tolerance, steps: fitSteps }
  const made = minima(images, { ...config, ...fitting }, seed, kernels)
  const { objective } = made
  const gradient = new Float64Array(objective.dimension)
  const look = (
    method: Row["method"],
    calls: number,
    point: Float64Array,
    isLast: boolean,
  ): Row => {
    const settled = fit(objective, point, fitting)
    const { features, labels } = images.test
    return {
      method,
      run: index,
      calls,
      rawLoss: objective.valueAndGradient(point, gradient),
      loss: objective.valueAndGradient(settled.point, gradient),
      settling: settled.steps,
      trace: objective.exactTrace!(settled.point).trace,
      testError: 1 - objective.accuracy(settled.point, features, labels),
      isLast,
    }
  }
  const runs = config.contenders.flatMap((contender) => {
    const run = runOf(contender, {
      objective,
      start: made.bad,
      right: made.right,
      outputs: images.classes,
      withTargets: (targets) => squaredNetwork(images, config.hidden, targets, kernels),
      batchSize,
      gradientThreshold,
      plainLearningRate: fitRate,
      seed,
    })
    const steps = Math.floor((budget * objective.size) / run.cost)
    const rows: Array<Row> = [look(contender.method, 0, made.bad, false)]
    for (let k = 1; k <= looks; k++) {
      const until = Math.round((steps * k) / looks)
      while (run.state.status === "running" && run.state.steps < until) run.step()
      const calls = (run.state.steps * run.cost) / objective.size
      rows.push(look(contender.method, calls, run.state.point, k === looks))
    }
    return rows
  })
  return [look("fresh start", 0, made.fresh, true), look("bad minimum", 0, made.bad, true), ...runs]
}

/** Tests that the run did not diverge. */
const hasMinimum = ({ trace }: Row): boolean => Number.isFinite(trace)

/** Note of a caption on diverged runs; empty if there are none. */
const leftOut = (rows: ReadonlyArray<Row>): string => {
  const last = rows.filter(({ isLast }) => isLast)
  const lost = last.filter((row) => !hasMinimum(row)).map(({ method }) => method)
  if (lost.length === 0) return ""
  return ` ${lost.length} of ${last.length} end points are omitted, since their runs diverged: ${Summary.distinct(lost).join(", ")}.`
}

/** The trace of each method by number of calls: mean, minimum and maximum over the runs. */
const overRuns = (rows: ReadonlyArray<Row>) =>
  names.flatMap((method) => {
    const own = rows.filter((row) => row.method === method && hasMinimum(row))
    return Summary.distinct(own.map(({ calls }) => calls)).map((calls) => {
      const traces = own.filter((row) => row.calls === calls).map(({ trace }) => trace)
      const [least, largest] = [Summary.smallest(traces), Summary.largest(traces)]
      return { method, calls, trace: Summary.mean(traces), least, largest }
    })
  })

export const fromABadMinimum = Experiment.table({
  id: "flat-minima/from-a-bad-minimum",
  title: "Both algorithms of the paper from a bad minimum on images",
  source: recalled("Figure 3: both algorithms from a bad minimum, compared with SGD"),
  question:
    "Do the two algorithms move from a bad minimum to flatter ones that generalise better, compared with SGD, SAM and label noise at equal gradient calls?",
  paperScale:
    "The paper has a ResNet-18 on CIFAR-10 from a minimum with 100 % of the training and 48 % of the test images classified correctly. Here a network with one hidden layer learns 200 images of Fashion-MNIST with a squared loss, which has minima.",
  config: Config,
  optional: ["images"],
  columns: Columns,
  presets: {
    smoke: { ...reference, perClass: 2, budget: 10, looks: 1, runs: 1 },
    fast: { ...reference, perClass: 4, budget: 600, looks: 2, runs: 1 },
    paper: reference,
  },
  paperSeconds: 120,
  prepare: ({ config: { images = "fashion-mnist", perClass } }) =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const counts = { trainPerClass: perClass, testPerClass: 100 }
      const loaded = yield* datasets.load(images, counts)
      if (images === "fashion-mnist") return imagesOf(loaded)
      const { test, train } = loaded
      return imagesOf({ test: LabelledImages.grey(test), train: LabelledImages.grey(train) })
    }),
  cases: ({ runs }) => Array.from({ length: runs }, (_, k) => k),
  row: (index, { config, kernels, seed, shared }) =>
    rowsOfSeed(index, { config, images: shared, kernels, seed: seed.child(index) }),
  figures: (rows) => [
    Figure.lines({
      id: "trace",
      title: "Trace of the Hessian along each method, at equal gradient calls",
      caption: `Exact trace at the minimum below each iterate: mean over runs, with a band from the smallest to the largest.${leftOut(rows)}`,
      rows: overRuns(rows),
      x: { field: "calls", title: "gradient calls over samples" },
      y: { field: "trace", title: "trace", scale: "log" },
      interval: { low: "least", high: "largest" },
      series: { field: "method", title: "method" },
    }),
    Figure.points({
      id: "test-error",
      title: "Flatness and test error at the end",
      caption: `The bad minimum, a minimum from a fresh start, and the end point of each method after the same gradient calls.${leftOut(rows)}`,
      rows: rows.filter((row) => row.isLast && hasMinimum(row)),
      x: { field: "trace", title: "trace", scale: "log" },
      y: { field: "testError", title: "test error" },
      series: { field: "method", title: "method" },
    }),
  ],
  expectations: (rows, config) => {
    const last = rows.filter(({ isLast }) => isLast)
    const of = (method: Row["method"]) => last.filter((row) => row.method === method)
    const ratio = (field: "trace", method: Row["method"], other: Row["method"]) =>
      of(method).map((row, k) => row[field] / (of(other)[k]?.[field] ?? Number.NaN))
    const gain = (method: Row["method"], other: Row["method"]) =>
      Summary.mean(of(other).map(({ testError }) => testError)) -
      Summary.mean(of(method).map(({ testError }) => testError))
    const own = ["RS", "SA"] as const
    const runs = rows.filter(({ calls }) => calls > 0)
    const fits = Expectation.atMost(
      "Training loss of each minimum",
      rows.map(({ loss }) => loss),
      1e-3,
      {
        control: "the perturbed methods before plain descent",
        observed: runs
          .filter(({ method }) => own.some((each) => each === method))
          .map(({ rawLoss }) => rawLoss),
      },
    )
    if (config.budget < 600) return [fits]
    const stays = {
      control: "SGD",
      observed: ratio("trace", "SGD", "bad minimum"),
    }
    return [
      fits,
      ...own.map((method) =>
        Expectation.atMost(
          `Trace at the end of ${method} / trace of the bad minimum, in each run`,
          ratio("trace", method, "bad minimum"),
          0.75,
          stays,
        ),
      ),
      ...own.map((method) =>
        Expectation.atLeast(
          `Mean test error of the bad minimum minus that at the end of ${method}`,
          gain(method, "bad minimum"),
          0.02,
          { control: "SGD", observed: gain("SGD", "bad minimum") },
        ),
      ),
    ]
  },
})
