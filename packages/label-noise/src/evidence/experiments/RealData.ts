/** Two-layer networks on real data: certificate, exact flat limit, and the number of steps that label noise would need. */
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { TrainTest } from "@nonconvex/datasets/Split"
import * as Transform from "@nonconvex/datasets/Transform"
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import type * as Seed from "@nonconvex/numerics/Seed"
import { Count } from "@nonconvex/problems/Fields"
import { Effect, Schema } from "effect"
import { runLabelNoise } from "../../descent/LabelNoiseSgd.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import { certify } from "../../limit/Certificate.ts"
import { diagnose } from "../../limit/Diagnostics.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import * as Activation from "../../network/Activation.ts"
import { outputs, residual, twoLayer, type TwoLayer } from "../../network/TwoLayer.ts"
import { plan } from "../../planning/Planner.ts"
import * as Theory from "../../theory/Theory.ts"
import { derived } from "../support/Paper.ts"
import {
  drawn,
  meanSquaredError,
  projected,
  standardised,
  targetsOf,
} from "../support/RealProblem.ts"
import { normalRows } from "../support/Rows.ts"

const names = ["diabetes", "breast-cancer", "digits"] as const

const Config = Schema.Struct({
  /** Rows used of each data set: at most its number of columns. */
  sets: Schema.Array(Schema.Struct({ name: Schema.Literals(names), rows: Count })),
  neurons: Count,
  /** Maximum number of steps of the check. */
  steps: Count,
})

type Config = typeof Config.Type

const reference: Config = {
  sets: [
    { name: "diabetes", rows: 8 },
    { name: "breast-cancer", rows: 16 },
    { name: "digits", rows: 40 },
  ],
  neurons: 16,
  steps: 5000,
}

const smoke: Config = { ...reference, sets: [{ name: "diabetes", rows: 4 }], steps: 2000 }

/** A network that fits some rows of the training part, and one with the same neurons on the test part. */
const prepare = (
  data: TrainTest,
  rows: number,
  neurons: number,
  seed: Seed.Seed,
  kernels: Kernels,
) => {
  const targets = standardised({ train: targetsOf(data.train), test: targetsOf(data.test) })
  const d = data.train.dimension
  const { chosen, picked } = drawn(projected(data.train), d, rows, seed.child("rows"))
  const common = { activation: Activation.cubic(1), dimension: d, neurons, kernels }
  const network = twoLayer({
    ...common,
    features: picked,
    labels: Float64Array.from(chosen, (row) => targets.train[row]!),
  })
  const start = normalRows(seed.child("start"), neurons, d, 0.25)
  const test = twoLayer({ ...common, features: projected(data.test), labels: targets.test })
  return { network, theta: warmStart(network, start), test }
}

const testErrorOf = (test: TwoLayer, theta: Float64Array): number =>
  meanSquaredError(outputs(test, theta), test.labels)

const measure = (
  { network, test, theta }: ReturnType<typeof prepare>,
  most: number,
  seed: Seed.Seed,
) => {
  const before = certify(network, theta)
  const flat = flatLimit(network, theta)
  const after = certify(network, flat.theta)
  const [chosen] = plan(network, theta)
  const steps = Math.min(most, chosen.steps)
  const setting = { ...chosen, convention: "half", size: network.size } as const
  const time = steps * Theory.flowTimePerStep(setting) * chosen.finiteStepFactor
  const tolerance = { relative: 1e-8, absolute: 1e-12 }
  const predicted = flowOfPreactivations(network, theta, { time, tolerance })
  const rested = warmStart(network, runLabelNoise(network, theta, { ...chosen, seed, steps }))
  return {
    rows: network.size,
    dimension: network.dimension,
    coherence: before.coherence,
    excess: before.excess,
    verdict: before.verdict,
    certifiedTime: before.remainingTime,
    flatExcess: after.excess,
    flatBound: after.deviationBound,
    flatVerdict: after.verdict,
    outputChange: residual({ ...network, labels: outputs(network, theta) }, flat.theta),
    plannedSteps: chosen.steps,
    checkedSteps: steps,
    predictedExcess: diagnose(network, predicted.theta).excess,
    measuredExcess: diagnose(network, rested).excess,
    testBefore: testErrorOf(test, theta),
    testAfter: testErrorOf(test, flat.theta),
  }
}

interface Fall {
  readonly excess: number
  readonly predictedExcess: number
}

export const realData = Experiment.table({
  id: "label-noise/real-data",
  title: "Flat networks on real data",
  source: derived("certificate, direct solve and step budget, on our own choice of data"),
  question:
    "How far from flat is a fitted network, what is its flat limit, and how many steps of label noise would reach it?",
  config: Config,
  columns: Schema.Struct({
    data: Schema.String,
    rows: Schema.Int,
    dimension: Schema.Int,
    /** Smallest eigenvalue of the Gram matrix. */
    coherence: Schema.Number,
    /** Before flattening: relative excess of the sharpness over the least, and the verdict of the certificate. */
    excess: Schema.Number,
    verdict: Schema.String,
    certifiedTime: Schema.Number,
    /** After the direct solve: the same, and the largest change of an output. */
    flatExcess: Schema.Number,
    flatBound: Schema.Number,
    flatVerdict: Schema.String,
    outputChange: Schema.Number,
    /** Steps that label noise needs to reduce the distance to a tenth. */
    plannedSteps: Schema.Number,
    /** After some of them: the predicted excess, and the measured one. */
    checkedSteps: Schema.Int,
    predictedExcess: Schema.Number,
    measuredExcess: Schema.Number,
    /** Mean squared error on the test rows, before and at the limit. */
    testBefore: Schema.Number,
    testAfter: Schema.Number,
  }),
  presets: {
    smoke,
    fast: reference,
    paper: { ...reference, neurons: 64, steps: 5_000_000 },
  },
  paperSeconds: 33,
  cases: ({ sets }) => sets,
  prepare: ({ config }) =>
    Effect.gen(function* () {
      const datasets = yield* Datasets
      const loaded = yield* Effect.forEach(config.sets, ({ name }) =>
        Effect.map(datasets.load(name), (data) => [name, Transform.standardise(data)] as const),
      )
      return new Map<string, TrainTest>(loaded)
    }),
  row: ({ name, rows }, { config, kernels, seed, shared }) => {
    const own = seed.child(name)
    const prepared = prepare(shared.get(name)!, rows, config.neurons, own, kernels)
    return { data: name, ...measure(prepared, config.steps, own.child("run")) }
  },
  figures: (rows) => {
    const excesses = rows.flatMap((row) => [row.predictedExcess, row.measuredExcess])
    const errors = rows.flatMap(({ data, rows: size, testAfter, testBefore }) => [
      { data: `${data}, ${size} rows`, network: "fitted", error: testBefore },
      { data: `${data}, ${size} rows`, network: "flat limit", error: testAfter },
    ])
    return [
      Figure.points({
        id: "heading",
        title: "Excess sharpness after label noise",
        caption:
          'On the diagonal "as predicted" label noise follows the flow; the direct solve is at 0.',
        rows,
        x: { field: "predictedExcess", title: "as the flow predicts", scale: "log" },
        y: { field: "measuredExcess", title: "measured", scale: "log" },
        series: { field: "data", title: "data" },
        references: [Figure.diagonal("as predicted", excesses)],
      }),
      Figure.lines({
        id: "test-error",
        title: "Test error before and after flattening",
        caption:
          "Where flattening increases the mean squared error on the test set, in units of the variance of the targets, the flatter network does not generalise better.",
        rows: errors,
        x: { field: "network", title: "network", scale: "names" },
        y: { field: "error", title: "test error", scale: "log" },
        series: { field: "data", title: "data" },
        references: [Figure.level("error of the mean", 1)],
      }),
    ]
  },
  expectations: (rows, { sets, steps }) =>
    sets.flatMap(({ name }) => {
      const own = rows.filter(({ data }) => data === name)
      const changes = own.map(({ outputChange }) => outputChange)
      const excesses = own.map(({ flatExcess }) => flatExcess)
      const fallOf = (row: Fall) => row.excess - row.predictedExcess
      const fitted = { control: "the fitted network", observed: own.map(({ excess }) => excess) }
      const common = [
        Expectation.atMost(
          `${name}: excess sharpness after the direct solve`,
          excesses,
          1e-9,
          fitted,
        ),
        Expectation.atMost(
          `${name}: largest change of an output`,
          changes,
          1e-9,
          Expectation.uncontrolled("the solver keeps these outputs by construction"),
        ),
      ]
      if (steps < reference.steps) return common
      return [
        ...common,
        Expectation.every(
          `${name}: certificate before`,
          own.map(({ verdict }) => verdict),
          (verdict) => verdict !== "flat" && verdict !== "outside",
          (verdicts) => verdicts.join(", "),
          "far or convergent",
          { control: "at the flat limit", observed: own.map(({ flatVerdict }) => flatVerdict) },
        ),
        Expectation.within(
          `${name}: fall of the excess sharpness / predicted fall`,
          own.map((row) => (row.excess - row.measuredExcess) / fallOf(row)),
          1,
          { absolute: 0.1 },
          {
            control: "predictions for another table, over all tables",
            observed: rows.flatMap((row) =>
              rows
                .filter(({ data }) => data !== row.data)
                .map((other) => (row.excess - row.measuredExcess) / fallOf(other)),
            ),
          },
        ),
      ]
    }),
})
