/** Private principal components of images and of a table, through the exact release. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import * as Elementary from "@nonconvex/numerics/Elementary"
import type * as Kernels from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { Count, Positive } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import * as LowRank from "../../components/LowRank.ts"
import { projectorDistance } from "../../components/SubspaceRecovery.ts"
import { unsafeStream } from "../../noise/UnsafeStream.ts"
import * as Mechanism from "../../noise/GaussianMechanism.ts"
import * as GridPlan from "../../release/GridPlan.ts"
import { Permit } from "../../release/Permit.ts"
import { PrivateScatter } from "../../release/PrivateScatter.ts"
import { release } from "../../release/Release.ts"
import { ours } from "../support/Paper.ts"
import { type Prepared, prepared } from "../support/SubspaceImages.ts"

const Row = Schema.Struct({
  dataset: Schema.String,
  dimension: Schema.Int,
  epsilon: Schema.Number,
  /** |P^ - P|_F / sqrt(2 k): 0 for the same subspace, 1 for orthogonal ones. */
  subspaceError: Schema.Number,
  explained: Schema.Number,
  explainedByExact: Schema.Number,
  /** The same of a subspace of noise without data. */
  errorOfNoise: Schema.Number,
  explainedByNoise: Schema.Number,
})

type Row = typeof Row.Type

const names = ["fashion-mnist", "breast-cancer"] as const

/** tr(P M) / tr(M). */
const explainedBy = (matrix: Float64Array, { dimension: d, vectors }: LowRank.LowRank): number => {
  let [trace, sum] = [0, 0]
  for (let i = 0; i < d; i++) trace += matrix[i * d + i]!
  for (let from = 0; from < vectors.length; from += d) {
    const v = vectors.subarray(from, from + d)
    for (let i = 0; i < d; i++) sum += v[i]! * Vector.dot(matrix.subarray(i * d, (i + 1) * d), v)
  }
  return sum / trace
}

/** Top subspace of pure noise. */
const blindly = (d: number, rank: number, seed: Seed.Seed, kernels: Kernels.Kernels) => {
  const stream = RandomStream.make(seed)
  const matrix = new Float64Array(d * d)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) matrix[i * d + j] = matrix[j * d + i] = stream.normal()
  }
  return LowRank.topK({ dimension: d, matrix }, rank, kernels)
}

const measure = (
  { bound, dimension, matrix, name, rows }: Prepared,
  { rank, repeats }: { readonly rank: number; readonly repeats: number },
  epsilon: number,
  seed: Seed.Seed,
  kernels: Kernels.Kernels,
) => {
  const exact = LowRank.topK({ dimension, matrix }, rank, kernels)
  const mechanism = Mechanism.isotropic({ epsilon, delta: 1e-6, neighbours: "replace", bound })
  const plan = GridPlan.make(mechanism, dimension)
  const source = unsafeStream("the seed of an experiment", RandomStream.make(seed))
  const scatter = PrivateScatter.make({ dimension, bound, kernels })
  scatter.add(rows)
  const blind = blindly(dimension, rank, seed.child("noise without data"), kernels)
  let [squares, explained] = [0, 0]
  for (let k = 0; k < repeats; k++) {
    const found = LowRank.topK(release(scatter, Permit.withoutLedger(plan), source), rank, kernels)
    squares += Elementary.square(projectorDistance(found, exact)) / (2 * rank * repeats)
    explained += explainedBy(matrix, found) / repeats
  }
  return {
    dataset: name,
    dimension,
    epsilon,
    subspaceError: Math.sqrt(squares),
    explained,
    explainedByExact: explainedBy(matrix, exact),
    errorOfNoise: projectorDistance(blind, exact) / Math.sqrt(2 * rank),
    explainedByNoise: explainedBy(matrix, blind),
  }
}

const againstEpsilon = {
  x: { field: "epsilon", title: "epsilon", scale: "log" },
  series: { field: "dataset", title: "data set" },
} as const

export const subspaceUtility = Experiment.table({
  id: "dp-lowrank/subspace-utility",
  title: "Private principal components of images and of a table",
  source: ours("subspace error and explained variance by epsilon"),
  question:
    "How far is the private subspace from the exact one, and what share of the variance does it explain?",
  paperScale:
    "The paper has no such experiment: its only figure shows one path of 6 eigenvalues, real and complex.",
  config: Schema.Struct({
    epsilons: Schema.Array(Positive),
    rank: Count,
    /** Side of the square of pixels that is averaged into one feature. */
    pooling: Schema.Literals([1, 2, 4, 7]),
    repeats: Count,
  }),
  columns: Row,
  presets: {
    smoke: { epsilons: [1, 20], rank: 2, pooling: 7, repeats: 2 },
    fast: { epsilons: [0.5, 2, 8, 32], rank: 3, pooling: 4, repeats: 4 },
    paper: { epsilons: [0.1, 0.3, 1, 3, 10, 30], rank: 5, pooling: 1, repeats: 10 },
  },
  paperSeconds: 10,
  prepare: ({ config }) => prepared(config.pooling),
  cases: ({ epsilons }) =>
    names.flatMap((dataset) => epsilons.map((epsilon) => ({ dataset, epsilon }))),
  row: ({ dataset, epsilon }, { config, kernels, seed, shared }) => {
    const own = shared.find(({ name }) => name === dataset)!
    return measure(own, config, epsilon, seed.child(dataset).child(epsilon), kernels)
  },
  figures: (rows) => [
    Figure.lines<Row>({
      ...againstEpsilon,
      id: "subspace",
      title: "Subspace error against epsilon",
      caption: "delta is 10⁻⁶, neighbours differ by one replaced row, and bounds are public.",
      y: { field: "subspaceError", title: "subspace error" },
      references: Summary.distinct(rows.map(({ dataset }) => dataset)).map((dataset) =>
        Figure.level(
          `noise without data, ${dataset}`,
          Summary.mean(
            rows.filter((row) => row.dataset === dataset).map((row) => row.errorOfNoise),
          ),
        ),
      ),
    }),
    Figure.lines<Row>({
      ...againstEpsilon,
      id: "explained",
      title: "Variance explained by the private subspace",
      conclusion:
        "With larger epsilon it approaches the variance explained by the exact components.",
      y: { field: "explained", title: "share of the trace" },
      references: Summary.distinct(rows.map(({ dataset }) => dataset)).map((dataset) =>
        Figure.level(
          `exact, ${dataset}`,
          rows.find((row) => row.dataset === dataset)!.explainedByExact,
        ),
      ),
    }),
  ],
  expectations: (rows) =>
    Summary.distinct(rows.map(({ dataset }) => dataset)).flatMap((dataset) => {
      const own = rows.filter((row) => row.dataset === dataset)
      const [first, last] = [own[0]!, own.at(-1)!]
      return [
        Expectation.atMost(
          `${dataset}: error at the largest epsilon / at the smallest`,
          last.subspaceError / first.subspaceError,
          0.9,
          {
            control: "noise without data / data at the smallest epsilon",
            observed: last.errorOfNoise / first.subspaceError,
          },
        ),
        Expectation.atLeast(
          `${dataset}: explained share / share of the exact components`,
          last.explained / last.explainedByExact,
          0.8,
          {
            control: "noise without data",
            observed: last.explainedByNoise / last.explainedByExact,
          },
        ),
      ]
    }),
})
