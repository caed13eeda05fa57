/** The drift of label-noise SGD including its factor, from thousands of replicas: `label-noise/drift` with sampled noise. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { driftOfStep } from "../../descent/FiniteStep.ts"
import { Geometry } from "../../geometry/Geometry.ts"
import * as Activation from "../../network/Activation.ts"
import { type TwoLayer, twoLayerThrough } from "../../network/TwoLayer.ts"
import * as Theory from "../../theory/Theory.ts"
import { driftFactor } from "../support/MeanDrift.ts"

const Config = Schema.Struct({
  learningRate: Positive,
  noise: Positive,
  steps: Count,
  /** Later blocks use other replicas. */
  firstBlock: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  blocks: Count,
  /** Pairs of replicas with opposite noise in a block. */
  pairs: Count,
})

type Config = typeof Config.Type

const theta = Float64Array.of(0.5, -0.25, 0.75, -0.5, 1, 0.25)

/** Three data and two neurons. */
const networkWith = (kernels: Kernels): TwoLayer =>
  twoLayerThrough(theta, {
    activation: Activation.cubic(1),
    features: Float64Array.of(0.6, 0.8, 0, 0, 0.6, 0.8, 0.8, 0, 0.6),
    dimension: 3,
    neurons: 2,
    kernels,
  })

const reference: Config = {
  learningRate: 0.01,
  noise: 0.5,
  steps: 1500,
  firstBlock: 0,
  blocks: 80,
  pairs: 25,
}

/** Factor of a finite learning rate on the drift along the gradient; 1 for a small learning rate. */
const finiteFactor = (network: TwoLayer, { learningRate, noise }: Config): number => {
  const setting = { convention: "half", learningRate, noise } as const
  const gradient = new Geometry(network).atParameters(theta).gradient()
  const { size } = network
  const along = Vector.dot(driftOfStep(network, theta, setting), gradient)
  const time = Theory.flowTimePerStep({ ...setting, batch: size, size })
  return -along / (time * Vector.dot(gradient, gradient))
}

const Columns = Schema.Struct({
  block: Schema.Int,
  /** Noise of the run relative to the noise that the theory assumes. */
  noiseRatio: Schema.Number,
  replicas: Schema.Int,
  /** Drift of the block's replicas relative to the theory for a small learning rate. */
  factor: Schema.Number,
  /** The same factor as predicted for this learning rate. */
  predicted: Schema.Number,
})

/** Blocks with half of the noise that the theory assumes; there the drift must differ from its prediction. */
const wrongBlocks = 4

type Rows = ReadonlyArray<typeof Columns.Type>

const isMeant = ({ noiseRatio }: Rows[number]): boolean => noiseRatio === 1

/** Mean factor over blocks, and its standard error. */
const meanFactor = (rows: Rows) => {
  const mean = Summary.mean(rows.map(({ factor }) => factor))
  const square = rows.reduce((sum, { factor }) => sum + Elementary.square(factor - mean), 0)
  return { mean, error: Math.sqrt(square / (rows.length * (rows.length - 1))) }
}

const captionOf = (rows: Rows): string => {
  const { error, mean } = meanFactor(rows)
  const [first] = rows
  return first === undefined
    ? "Each point is the mean of a block of replicas."
    : `Each point is the mean of a block of ${first.replicas} replicas. Their mean is ${mean.toFixed(4)}, with a standard error of ${error.toFixed(4)}; the theory predicts 1 for a small learning rate and ${first.predicted.toFixed(4)} for this one.`
}

export const driftOfReplicas = Experiment.table({
  id: "label-noise/drift-of-replicas",
  title: "The drift of label-noise SGD, from many replicas",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024; Li, Wang, Arora 2022",
    statement: "drift of label noise along the minima, constant derived here",
    basis: "as recalled",
  },
  question:
    "Does the mean displacement along the minima agree with the theory, including its factor?",
  config: Config,
  columns: Columns,
  presets: {
    smoke: { ...reference, blocks: 4, pairs: 5 },
    fast: reference,
    paper: { ...reference, blocks: 800 },
  },
  paperSeconds: 19,
  cases: ({ blocks, firstBlock }) => [
    ...Array.from({ length: blocks }, (_, k) => ({ block: firstBlock + k, noiseRatio: 1 })),
    ...Array.from({ length: wrongBlocks }, (_, k) => ({ block: firstBlock + k, noiseRatio: 0.5 })),
  ],
  row: ({ block, noiseRatio }, { config, kernels, seed }) => {
    const network = networkWith(kernels)
    const { size: batch } = network
    const noise = noiseRatio * config.noise
    const own = driftFactor({ ...config, noise, network, theta, batch, seed: seed.child(block) })
    return {
      block,
      noiseRatio,
      replicas: 2 * config.pairs,
      // the theory is of the square of the noise
      factor: own * (noiseRatio * noiseRatio),
      predicted: finiteFactor(network, config),
    }
  },
  figures: (rows) => {
    const own = rows.filter(isMeant)
    const [first] = own
    return [
      Figure.points({
        id: "blocks",
        title: "Measured drift / theoretical drift",
        caption: captionOf(own),
        rows: own,
        x: { field: "block", title: "block", scale: "integers" },
        y: { field: "factor", title: "drift / theory" },
        references: [
          Figure.level("theory of a small learning rate", 1),
          ...(first === undefined
            ? []
            : [
                Figure.level("theory of this learning rate", first.predicted),
                Figure.level("mean of the blocks", meanFactor(own).mean),
              ]),
        ],
      }),
    ]
  },
  expectations: (rows, { blocks, pairs }) => {
    if (2 * pairs * blocks < 4000) return []
    const own = rows.filter(isMeant)
    const { error, mean } = meanFactor(own)
    const predicted = own[0]?.predicted ?? Number.NaN
    const wrong = meanFactor(rows.filter((row) => !isMeant(row))).mean
    const against = (observed: number) => ({ control: "half of the noise", observed })
    return [
      Expectation.within(
        "measured drift / theoretical drift",
        mean,
        1,
        { absolute: 0.05 },
        against(wrong),
      ),
      Expectation.within(
        "measured drift / theoretical drift at this learning rate",
        mean / predicted,
        1,
        { absolute: 0.01 + 4 * error },
        against(wrong / predicted),
      ),
      Expectation.atMost(
        "standard error of this ratio",
        error,
        0.02,
        Expectation.uncontrolled("it measures the uncertainty of the mean, not its value"),
      ),
    ]
  },
})
