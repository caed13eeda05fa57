/** The paper's two algorithms from a bad minimum on images, compared with SGD, SAM and label noise at equal gradient calls. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import * as LabelledImages from "@nonconvex/datasets/LabelledImages"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import type { Method, MethodState } from "@nonconvex/problems/Method"
import * as Minibatch from "@nonconvex/problems/Minibatch"
import type { FiniteSum } from "@nonconvex/problems/Objective"
import { sam } from "@nonconvex/problems/Sam"
import { sgd } from "@nonconvex/problems/Sgd"
import { Effect } from "effect"
import * as Draws from "../../perturbation/Draws.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"
import { fit, type Images, imagesOf, minima, squaredNetwork } from "../support/BadMinimum.ts"
import { Columns, Config, type Contender, names, type Row } from "../support/BadMinimumRuns.ts"
import { recalled } from "../support/Paper.ts"

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

/** A run that goes on for so many samples' gradients. */
interface Run {
  readonly state: MethodState
  /** Samples whose gradients a step takes. */
  readonly cost: number
  readonly step: () => void
}

const onWhole = <State extends MethodState>(
  method: Method<State, FiniteSum>,
  objective: FiniteSum,
  start: Float64Array,
  cost: number,
): Run => {
  const state = method.init(objective, start)
  return { state, cost, step: () => void method.step(state) }
}

const onBatches = (
  method: Method,
  batches: Minibatch.Minibatch,
  start: Float64Array,
  cost: number,
  before: () => void = () => {},
): Run => {
  const state = method.init(batches, start)
  return {
    state,
    cost,
    step: () => {
      before()
      method.step(state)
      batches.advance()
    },
  }
}

interface Setting {
  readonly images: Images
  readonly config: Config
  readonly made: ReturnType<typeof minima>
  readonly seed: Seed.Seed
  readonly kernels: Kernels
}

/** Writes the targets with fresh noise into those that the network of `targets` reads, for the samples of a batch. */
const noiseInto = (targets: Float64Array, deviation: number, setting: Setting) => {
  const { images, made, seed } = setting
  const stream = RandomStream.make(seed.child("noise"))
  const noise = new Float64Array(images.classes)
  return (indices: Uint32Array) => {
    for (const i of indices) {
      stream.fillNormal(noise)
      const from = i * noise.length
      for (let j = 0; j < noise.length; j++) {
        targets[from + j] = made.right[from + j]! + deviation * noise[j]!
      }
    }
  }
}

const runOf = (contender: Contender, setting: Setting): Run => {
  const { images, config, kernels, made, seed } = setting
  const { learningRate, method, strength } = contender
  const { bad, objective, right } = made
  const n = objective.size
  const { batchSize, fitRate, gradientThreshold } = config
  const batchesOf = (sum: FiniteSum) =>
    Minibatch.shuffled(sum, { batchSize, seed: seed.child("batches") })
  const size = Math.min(batchSize, n)
  const plain = gradientMethod(sgd({ learningRate }))
  const perturbation = {
    learningRate,
    plainLearningRate: fitRate,
    radius: strength,
    gradientThreshold,
    draws: Draws.fromSeed(seed.child("draws")),
  }
  switch (method) {
    case "SGD":
      return onBatches(plain, batchesOf(objective), bad, size)
    case "label noise": {
      const targets = right.slice()
      const batches = batchesOf(squaredNetwork(images, config.hidden, targets, kernels))
      const renew = noiseInto(targets, strength, setting)
      return onBatches(plain, batches, bad, size, () => renew(batches.indices))
    }
    case "SAM":
      return onBatches(
        sam({ radius: strength, base: sgd({ learningRate }) }),
        batchesOf(objective),
        bad,
        2 * size,
      )
    case "RS":
      return onWhole(smoothedPerturbation(perturbation), objective, bad, 2 * n)
    case "SA":
      return onWhole(sharpnessAwarePerturbation(perturbation), objective, bad, n + 2)
  }
}

const rowsOfSeed = (index: number, setting: Omit<Setting, "made">): ReadonlyArray<Row> => {
  const { config, images, kernels, seed } = setting
  const { budget, fitRate, fitSteps, looks, tolerance } = config
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
    const run = runOf(contender, { ...setting, made })
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

/** Note of a caption on diverged runs; empty without any. */
const leftOut = (rows: ReadonlyArray<Row>): string => {
  const last = rows.filter(({ isLast }) => isLast)
  const lost = last.filter((row) => !hasMinimum(row)).map(({ method }) => method)
  if (lost.length === 0) return ""
  return ` ${lost.length} of ${last.length} end points are omitted, since their runs diverged: ${Summary.distinct(lost).join(", ")}.`
}

/** The trace of each method after so many calls: the mean over the runs, the least and the largest. */
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
