/** More data than dimensions, by label noise and by its flow. */
import { Expectation, experiment, Figure } from "@nonconvex/evidence"
import { Effect, Schema, Stream } from "effect"
import { diagnose } from "../../limit/Diagnostics.ts"
import type { DivergedInTransient } from "../../descent/DivergedInTransient.ts"
import { detectRegime } from "../../flow/Regime.ts"
import { record } from "../support/Record.ts"
import { selfTaught } from "../support/TeacherProblem.ts"

const Count = Schema.Int.check(Schema.isGreaterThan(0))

const Config = Schema.Struct({
  sizes: Schema.Array(Count),
  starts: Count,
  neurons: Count,
  steps: Count,
})
type Config = typeof Config.Type

const Row = Schema.Struct({
  size: Schema.Int,
  start: Schema.Int,
  /** Of the sharpness flow: clusters where it rests, the neurons of the largest, and whether J J^T is singular there. */
  clusters: Schema.Int,
  largest: Schema.Int,
  isStationary: Schema.Boolean,
  isSingular: Schema.Boolean,
  /** The least stability of a cluster of two or more: not negative at a local minimum. */
  stability: Schema.Number,
  /** Second singular value over the first after label noise. */
  secondOverFirst: Schema.Number,
})
type Row = typeof Row.Type

const dimension = 3

const reference: Config = { sizes: [3, 5, 10, 20], starts: 4, neurons: 10, steps: 400_000 }

/** The numbers of distinct neurons that runs of another implementation ended with, and one more or less. */
const published: Readonly<Record<number, readonly [number, number]>> = {
  3: [1, 1],
  5: [2, 4],
  10: [4, 6],
  20: [3, 7],
}

export const clusters = experiment<Config, Row, DivergedInTransient>({
  id: "label-noise/clusters",
  title: "Neurons in clusters where there are more data than dimensions",
  source: {
    paper: "Gatmiry, Li, Reddi, Jegelka 2024",
    statement: "clustering of neurons for n > d; setting and counts are ours",
    basis: "as recalled",
  },
  question: "In how many clusters do neurons end, and are these minima?",
  config: Config,
  row: Row,
  presets: {
    smoke: { ...reference, sizes: [3, 5], starts: 1, steps: 1000 },
    fast: reference,
    paper: { ...reference, sizes: [3, 4, 5, 7, 10, 15, 20, 25], starts: 20, steps: 2_000_000 },
  },
  paperSeconds: 60,
  rows: ({ sizes, starts }) => sizes.length * starts,
  run: ({ neurons, sizes, starts, steps }, seed) =>
    Stream.fromIterable(
      sizes.flatMap((size) => Array.from({ length: starts }, (_, start) => ({ size, start }))),
    ).pipe(
      Stream.mapEffect(
        Effect.fnUntraced(function* ({ size, start }) {
          yield* Effect.yieldNow
          const own = seed.child(size).child(start)
          const { network, theta } = selfTaught(own, { size, dimension, neurons })
          const regime = detectRegime(network, theta)
          yield* Effect.yieldNow
          const options = {
            convention: "mean",
            sampling: "replacement",
            batch: 1,
            learningRate: 0.01,
            noise: 0.09,
            seed: own.child("run"),
            steps,
            records: 1,
          } as const
          const values = yield* record(
            network,
            theta,
            options,
            (end) => diagnose(network, end).singularValues,
          ).pipe(Stream.runCollect)
          const [first = 0, second = 0] = values.at(-1)!
          const together = regime.clusters.filter((cluster) => cluster.neurons.length > 1)
          return {
            size,
            start,
            clusters: regime.clusters.length,
            largest: regime.clusters[0]!.neurons.length,
            isStationary: regime.isStationary,
            isSingular: regime.isSingular,
            stability: Math.min(...together.map(({ stability }) => stability)),
            secondOverFirst: second / first,
          }
        }),
      ),
    ),
  figures: (rows) => [
    Figure.points({
      id: "clusters",
      title: "Clusters of ten neurons on data of dimension 3",
      caption: "As many data as dimensions give one; more give several, which depend on the start.",
      rows,
      x: { field: "size", title: "data" },
      y: { field: "clusters", title: "clusters" },
      series: { field: "isSingular", title: "gradients of the outputs dependent" },
    }),
  ],
  expectations: (rows, { sizes }) => {
    const counts = sizes.flatMap((size) => {
      const range = published[size]
      if (range === undefined) return []
      // where the flow has not come to rest, neurons are still on their way to each other
      const found = rows
        .filter((row) => row.size === size && row.isStationary)
        .map((row) => row.clusters)
      const [least, most] = [Math.min(...found), Math.max(...found)]
      return [
        Expectation.that(
          `clusters for ${size} data, at rest`,
          found.length > 0 && least >= range[0] && most <= range[1],
          `${least} to ${most}`,
          `${range[0]} to ${range[1]}`,
        ),
      ]
    })
    const crowded = rows.filter(({ size }) => size > dimension)
    return [
      Expectation.atLeast(
        "share of flows that came to rest",
        rows.filter(({ isStationary }) => isStationary).length / rows.length,
        0.9,
      ),
      ...counts,
      Expectation.atLeast(
        "stability of clusters of two or more",
        Math.min(...crowded.map(({ stability }) => stability)),
        -1e-3,
      ),
      Expectation.atLeast(
        "label noise with more data than dimensions: second singular value over the first",
        Math.min(...crowded.map(({ secondOverFirst }) => secondOverFirst)),
        0.05,
      ),
    ]
  },
})
