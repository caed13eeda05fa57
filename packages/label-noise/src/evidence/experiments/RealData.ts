/** Two-layer networks on real data: certificate, exact flat limit, and the steps that label noise would need. */
import type * as Dataset from "@nonconvex/datasets/Dataset"
import * as Transform from "@nonconvex/datasets/Transform"
import { Datasets } from "@nonconvex/datasets/Datasets"
import type { LoadError } from "@nonconvex/datasets/Catalogue"
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Effect, Schema, Stream } from "effect"
import * as Activation from "../../network/Activation.ts"
import { certify } from "../../limit/Certificate.ts"
import { diagnose } from "../../limit/Diagnostics.ts"
import type { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import { flatLimit } from "../../limit/FlatLimit.ts"
import { plan } from "../../planning/Planner.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import * as Theory from "../../theory/Theory.ts"
import { outputs, residual, type TwoLayer, twoLayer } from "../../network/TwoLayer.ts"
import { warmStart } from "../../descent/WarmStart.ts"
import { record } from "../support/Record.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))
const names = ["diabetes", "breast-cancer", "digits"] as const

const Config = Schema.Struct({
  /** Rows taken of each data set: at most its number of columns. */
  sets: Schema.Array(Schema.Struct({ name: Schema.Literals(names), rows: Count })),
  neurons: Count,
  /** Most steps of the check. */
  steps: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  data: Schema.String,
  rows: Schema.Int,
  dimension: Schema.Int,
  /** The smallest eigenvalue of the Gram matrix. */
  coherence: Schema.Number,
  /** Before: sharpness over the least one, minus 1, and what the certificate says. */
  excess: Schema.Number,
  verdict: Schema.String,
  certifiedTime: Schema.Number,
  /** After the direct solve: the same, and the largest change of an output. */
  flatExcess: Schema.Number,
  flatBound: Schema.Number,
  outputChange: Schema.Number,
  /** Steps that label noise needs for a tenth of the distance. */
  plannedSteps: Schema.Number,
  /** After some of them: the excess that the flow predicts, and that measured. */
  checkedSteps: Schema.Int,
  predictedExcess: Schema.Number,
  measuredExcess: Schema.Number,
  /** Mean square of errors on the test rows, before and at the limit. */
  testBefore: Schema.Number,
  testAfter: Schema.Number,
})
type Row = typeof Row.Type

/** Targets of mean 0 and deviation 1 on the training part: values, or whether the class is an odd one. */
const targetsOf = ({
  test,
  train,
}: {
  readonly train: Dataset.Dataset
  readonly test: Dataset.Dataset
}) => {
  const raw = ({ target }: Dataset.Dataset): Float64Array =>
    target._tag === "Regression"
      ? target.values
      : Float64Array.from(target.labels, (label) => (label % 2 === 0 ? -1 : 1))
  const own = raw(train)
  const mean = own.reduce((sum, y) => sum + y, 0) / own.length
  const variance = own.reduce((sum, y) => sum + (y - mean) ** 2, 0) / own.length
  const scaled = (y: number) => (y - mean) / Math.sqrt(variance)
  return { train: own.map(scaled), test: raw(test).map(scaled) }
}

/** Every row projected onto the unit sphere. */
const projected = ({ dimension: d, features, samples }: Dataset.Dataset): Float64Array => {
  const out = Float64Array.from(features)
  for (let i = 0; i < samples; i++) Vector.normalise(out.subarray(i * d, (i + 1) * d))
  return out
}

const reference: Config = {
  sets: [
    { name: "diabetes", rows: 8 },
    { name: "breast-cancer", rows: 16 },
    { name: "digits", rows: 40 },
  ],
  neurons: 16,
  steps: 5000,
}

interface Prepared {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly test: TwoLayer
}

const prepare = Effect.fnUntraced(function* (
  { name, rows }: Config["sets"][number],
  neurons: number,
  seed: Seed.Seed,
) {
  const datasets = yield* Datasets
  const data = Transform.standardise(yield* datasets.find(name))
  const targets = targetsOf(data)
  const d = data.train.dimension
  const features = projected(data.train)
  const chosen = RandomStream.make(seed.child("rows"))
    .permutation(data.train.samples)
    .subarray(0, rows)
  const picked = new Float64Array(rows * d)
  chosen.forEach((row, i) => picked.set(features.subarray(row * d, (row + 1) * d), i * d))
  const common = { activation: Activation.cubic(1), dimension: d, neurons }
  const network = twoLayer({
    ...common,
    features: picked,
    labels: Float64Array.from(chosen, (row) => targets.train[row]!),
  })
  const start = new Float64Array(neurons * d)
  RandomStream.make(seed.child("start")).fillNormal(start)
  Vector.scale(0.25, start)
  const test = twoLayer({ ...common, features: projected(data.test), labels: targets.test })
  return { network, theta: warmStart(network, start), test } satisfies Prepared
})

const testErrorOf = (test: TwoLayer, theta: Float64Array): number =>
  Vector.distance(outputs(test, theta), test.labels) ** 2 / test.size

const measure = Effect.fnUntraced(function* (
  name: string,
  { network, test, theta }: Prepared,
  config: Config,
  seed: Seed.Seed,
) {
  const before = certify(network, theta)
  const flat = flatLimit(network, theta)
  const after = certify(network, flat.theta)
  yield* Effect.yieldNow
  const [chosen] = plan(network, theta)
  yield* Effect.yieldNow
  const steps = Math.min(config.steps, chosen.steps)
  const setting = { ...chosen, convention: "half", size: network.size } as const
  const time = steps * Theory.flowTimePerStep(setting) * chosen.finiteStepFactor
  const tolerance = { relative: 1e-8, absolute: 1e-12 }
  const predicted = flowOfPreactivations(network, theta, { time, tolerance })
  yield* Effect.yieldNow
  const options = { ...chosen, seed, steps, records: 1 }
  const ends = yield* record(network, theta, options, (end) => Float64Array.from(end)).pipe(
    Stream.runCollect,
  )
  const rested = warmStart(network, ends.at(-1)!)
  return {
    data: name,
    rows: network.size,
    dimension: network.dimension,
    coherence: before.coherence,
    excess: before.excess,
    verdict: before.verdict,
    certifiedTime: before.remainingTime,
    flatExcess: after.excess,
    flatBound: after.deviationBound,
    outputChange: residual({ ...network, labels: outputs(network, theta) }, flat.theta),
    plannedSteps: chosen.steps,
    checkedSteps: steps,
    predictedExcess: diagnose(network, predicted.theta).excess,
    measuredExcess: diagnose(network, rested).excess,
    testBefore: testErrorOf(test, theta),
    testAfter: testErrorOf(test, flat.theta),
  } satisfies Row
})

type Failure = LoadError | DivergedInTransient | { readonly message: string }

export const realData = experiment<Config, Row, Failure>({
  id: "label-noise/real-data",
  title: "Flat networks on real data",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "certificate, direct solve and step budget, on data of ours",
    basis: "derived here",
  },
  question:
    "How far from flat is a fitted network, what is its flat limit, and how many steps would label noise need?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, sets: [{ name: "diabetes", rows: 4 }], steps: 2000 },
    fast: reference,
    paper: { ...reference, neurons: 64, steps: 5_000_000 },
  },
  paperSeconds: 33,
  rows: ({ sets }) => sets.length,
  run: (config, seed) =>
    Stream.fromIterable(config.sets).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* (set) {
          yield* Effect.yieldNow
          const own = seed.child(set.name)
          const prepared = yield* prepare(set, config.neurons, own)
          return yield* measure(set.name, prepared, config, own.child("run"))
        }),
      ),
      Stream.provide(Datasets.layer),
    ),
  figures: (rows) => [
    Figure.points({
      id: "heading",
      title: "Excess sharpness after some steps of label noise",
      caption: "Label noise goes where the flow goes; the direct solve is at 0.",
      rows,
      x: { field: "predictedExcess", title: "as the flow predicts", scale: "log" },
      y: { field: "measuredExcess", title: "measured", scale: "log" },
      series: { field: "data", title: "data" },
    }),
  ],
  expectations: (rows, config) =>
    rows.flatMap((row) => {
      const common = [
        Expectation.atMost(`${row.data}: excess of the direct solve`, row.flatExcess, 1e-9),
        Expectation.atMost(`${row.data}: change of an output`, row.outputChange, 1e-9),
      ]
      if (config.steps < reference.steps) return common
      return [
        ...common,
        Expectation.that(
          `${row.data}: certificate before`,
          row.verdict !== "flat" && row.verdict !== "outside",
          row.verdict,
          "far or convergent",
        ),
        Expectation.within(
          `${row.data}: fall of the excess over the predicted one`,
          (row.excess - row.measuredExcess) / (row.excess - row.predictedExcess),
          1,
          { absolute: 0.1 },
        ),
      ]
    }),
})
