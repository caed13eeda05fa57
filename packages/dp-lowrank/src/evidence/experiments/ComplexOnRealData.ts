/** The paper's complex mechanism on images and a table, compared with real noise at the same privacy. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, Fraction, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as LowRank from "../../components/LowRank.ts"
import * as ComplexNoise from "../../noise/ComplexNoise.ts"
import { unsafePerturb } from "../../noise/Idealised.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import { derived } from "../support/Paper.ts"
import { imageSets, prepared } from "../support/SubspaceImages.ts"
import { rootMeanSquares } from "../support/Trials.ts"

const mechanisms = ["complex-as-printed", "complex", "isotropic"] as const

const table = "breast-cancer"

const Config = Schema.Struct({
  epsilons: Schema.Array(Positive).check(Schema.isMinLength(1)),
  delta: Fraction,
  rank: Count,
  /** Side of the square of pixels that is averaged into one feature. */
  pooling: Schema.Literals([1, 2, 4, 7]),
  trials: Count,
  images: Schema.optionalKey(Schema.Literals(imageSets)),
})

type Config = typeof Config.Type

const Columns = Schema.Struct({
  dataset: Schema.Literals([...imageSets, table]),
  mechanism: Schema.Literals(mechanisms),
  dimension: Schema.Int,
  epsilon: Schema.Finite,
  /** Epsilon that the noise delivers. */
  deliveredEpsilon: Schema.Finite,
  /** Gap between the eigenvalues k and k + 1, over sqrt(d) times the root mean square noise of one entry. */
  gap: Schema.Finite,
  /** Root mean square Frobenius distance to M_k, and over the norm of M_k. */
  error: Schema.Finite,
  relativeError: Schema.Finite,
})

type Row = typeof Columns.Type

const reference: Config = {
  epsilons: [0.5, 1, 2, 4],
  delta: 1e-6,
  rank: 3,
  pooling: 4,
  trials: 40,
}

export const complexOnRealData = Experiment.table({
  id: "dp-lowrank/complex-on-real-data",
  title: "The complex mechanism on images and a table",
  source: derived("Theorem 1 and Algorithm 1 on data, against real noise of the same privacy"),
  question:
    "Is the output of the complex mechanism closer to the best rank-k matrix of real data than that of real noise, at equal privacy?",
  paperScale:
    "The paper has no data: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Config,
  optional: ["images"],
  columns: Columns,
  presets: {
    smoke: { ...reference, epsilons: [2], pooling: 7, trials: 20 },
    fast: { ...reference, epsilons: [0.5, 2], trials: 30 },
    paper: reference,
  },
  paperSeconds: 10,
  prepare: ({ config }) => prepared(config.pooling, config.images),
  cases: ({ epsilons, images = "fashion-mnist" }) =>
    ([images, table] as const).flatMap((dataset) =>
      epsilons.flatMap((epsilon) => mechanisms.map((name) => ({ dataset, epsilon, name }))),
    ),
  row: ({ dataset, epsilon, name }, { config, kernels, seed, shared }) => {
    const { delta, rank, trials } = config
    const { bound, dimension, matrix } = shared.find(({ name: own }) => own === dataset)!
    const mechanism = Mechanism.named(name, { epsilon, delta, neighbours: "replace", bound })
    const exact = LowRank.best({ dimension, matrix }, rank, kernels)
    const { values } = LowRank.topK({ dimension, matrix }, rank + 1, kernels)
    const stream = RandomStream.make(seed.child(dataset).child(epsilon).child(name))
    const { error } = rootMeanSquares(trials, () => {
      const noisy = unsafePerturb(matrix, dimension, mechanism, stream, kernels)
      const imaginary = () => ComplexNoise.imaginaryNoise(dimension, noisy.offDiagonalScale, stream)
      const found = mechanism.isComplex
        ? ComplexNoise.complexOutputs(noisy, imaginary(), rank, kernels).real
        : LowRank.best(noisy, rank, kernels)
      return { error: Elementary.square(Vector.distance(found, exact)) }
    })
    return {
      dataset,
      mechanism: name,
      dimension,
      epsilon,
      deliveredEpsilon: Mechanism.deliveredEpsilon(mechanism),
      gap: (values[rank - 1]! - values[rank]!) / (mechanism.scale * Math.sqrt(dimension)),
      error,
      relativeError: error / Vector.norm(exact),
    }
  },
  figures: () => [
    Figure.lines<Row>({
      id: "errors",
      title: "Error of the private rank-k matrix of real data",
      caption:
        "All mechanisms promise the same (epsilon, delta) for a replaced row; the printed one has a stronger guarantee than promised.",
      x: { field: "epsilon", title: "epsilon", scale: "log" },
      y: { field: "relativeError", title: "error over the norm of M_k", scale: "log" },
      series: { field: "mechanism", title: "mechanism" },
      panel: { field: "dataset", title: "data set" },
    }),
  ],
  expectations: (rows) => {
    const overReal = (name: Row["mechanism"]) =>
      rows
        .filter(({ mechanism }) => mechanism === name)
        .map(
          (row) =>
            row.error /
            (rows.find(
              ({ dataset, epsilon, mechanism }) =>
                mechanism === "isotropic" && dataset === row.dataset && epsilon === row.epsilon,
            )?.error ?? Number.NaN),
        )
    return [
      Expectation.within(
        "Error of the complex mechanism / error of real noise, at equal privacy",
        overReal("complex"),
        1,
        { absolute: 0.25 },
        { control: "the complex mechanism as printed", observed: overReal("complex-as-printed") },
      ),
    ]
  },
})
