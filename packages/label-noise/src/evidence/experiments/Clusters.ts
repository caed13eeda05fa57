/** More data than dimensions, by label noise and by its flow. */
import { Expectation, Experiment } from "@nonconvex/evidence"
import * as Summary from "@nonconvex/evidence/Summary"
import * as Figure from "@nonconvex/figures"
import { Count } from "@nonconvex/problems/Fields"
import { Schema } from "effect"
import { runLabelNoise } from "../../descent/LabelNoiseSgd.ts"
import { detectRegime } from "../../flow/Regime.ts"
import { diagnose } from "../../limit/Diagnostics.ts"
import { recalled } from "../support/Paper.ts"
import { selfTaught } from "../support/TeacherProblem.ts"

const dimension = 3

const reference = { sizes: [3, 5, 10, 20], starts: 4, neurons: 10, steps: 400_000 }

/** Numbers of distinct neurons at the end of runs of another implementation, plus or minus one. */
const published: Readonly<Record<number, readonly [number, number]>> = {
  3: [1, 1],
  5: [2, 4],
  10: [4, 6],
  20: [3, 7],
}

/** More data than dimensions: the neurons need not all agree. */
const isCrowded = (size: number): boolean => size > dimension

interface Found {
  readonly size: number
  readonly clusters: number
  readonly isSingular: boolean
}

/** Counts the starts that end at each number of clusters. */
const counted = (rows: ReadonlyArray<Found>) =>
  Summary.distinct(rows.map((row) => `${row.size} ${row.clusters} ${row.isSingular}`)).map(
    (key) => {
      const own = rows.filter((row) => `${row.size} ${row.clusters} ${row.isSingular}` === key)
      const { clusters: count, isSingular, size } = own[0]!
      const gradients = isSingular ? "dependent" : "independent"
      return { size, clusters: count, gradients, starts: own.length }
    },
  )

export const clusters = Experiment.table({
  id: "label-noise/clusters",
  title: "Clusters of neurons with more data points than dimensions",
  source: recalled("clustering of neurons for n > d, with our own setting and counts"),
  question: "In how many clusters do the neurons end, and are these points minima?",
  paperScale:
    "The paper has 10 neurons and 3 dimensions with 5 and 10 data (as recalled); its activation, start, batch and steps are unknown to us.",
  config: Schema.Struct({
    sizes: Schema.Array(Count),
    starts: Count,
    neurons: Count,
    steps: Count,
  }),
  columns: Schema.Struct({
    size: Schema.Int,
    start: Schema.Int,
    /** Clusters at rest under the sharpness flow, the neurons in the largest, and whether J J^T is singular there. */
    clusters: Schema.Int,
    largest: Schema.Int,
    isStationary: Schema.Boolean,
    isSingular: Schema.Boolean,
    /** Least stability of a cluster of two or more; not negative at a local minimum. */
    stability: Schema.Number,
    /** Second singular value over the first after label noise. */
    secondOverFirst: Schema.Number,
  }),
  presets: {
    smoke: { ...reference, sizes: [3, 5], starts: 1, steps: 1000 },
    fast: reference,
    paper: { ...reference, sizes: [3, 4, 5, 7, 10, 15, 20, 25], starts: 20, steps: 2_000_000 },
  },
  paperSeconds: 60,
  cases: ({ sizes, starts }) =>
    sizes.flatMap((size) => Array.from({ length: starts }, (_, start) => ({ size, start }))),
  row: ({ size, start }, { config, kernels, seed }) => {
    const { neurons, steps } = config
    const own = seed.child(size).child(start)
    const { network, theta } = selfTaught(own, { size, dimension, neurons, kernels })
    const regime = detectRegime(network, theta)
    const end = runLabelNoise(network, theta, {
      convention: "mean",
      sampling: "replacement",
      batch: 1,
      learningRate: 0.01,
      noise: 0.09,
      seed: own.child("run"),
      steps,
    })
    const [first = 0, second = 0] = diagnose(network, end).singularValues
    const together = regime.clusters.filter((cluster) => cluster.neurons.length > 1)
    return {
      size,
      start,
      clusters: regime.clusters.length,
      largest: regime.clusters[0]!.neurons.length,
      isStationary: regime.isStationary,
      isSingular: regime.isSingular,
      // of none, none can split
      stability: Math.min(...together.map(({ stability }) => stability)),
      secondOverFirst: second / first,
    }
  },
  figures: (rows) => [
    Figure.points({
      id: "clusters",
      title: "Clusters of ten neurons on three-dimensional data",
      caption:
        "Each point shows how many clusters the neurons of some starts end in, and its area how many starts.",
      rows: counted(rows),
      x: { field: "size", title: "data", scale: "integers" },
      y: { field: "clusters", title: "clusters", scale: "integers" },
      series: { field: "gradients", title: "gradients of the outputs" },
      weight: { field: "starts", title: "starts" },
    }),
  ],
  expectations: (rows, { sizes }) => {
    const counts = sizes.flatMap((size) => {
      const range = published[size]
      if (range === undefined) return []
      return [
        Expectation.every(
          `clusters at rest, for ${size} data points`,
          // where the flow has not come to rest, neurons are still on their way to each other
          rows.filter((row) => row.size === size && row.isStationary).map((row) => row.clusters),
          (count) => count >= range[0] && count <= range[1],
          (found) => `${Summary.smallest(found)} to ${Summary.largest(found)}`,
          `${range[0]} to ${range[1]}`,
          Expectation.regression,
        ),
      ]
    })
    const crowded = rows.filter(({ size }) => isCrowded(size))
    const atRest = (isMeant: (size: number) => boolean) =>
      rows.filter((row) => row.isStationary && isMeant(row.size)).map((row) => row.clusters)
    return [
      Expectation.atLeast(
        "share of flows that came to rest",
        rows.filter(({ isStationary }) => isStationary).length / rows.length,
        0.9,
        Expectation.uncontrolled("only flows at rest are counted, so most must be at rest"),
      ),
      ...counts,
      ...(sizes.some(isCrowded) && !sizes.every(isCrowded)
        ? [
            Expectation.atLeast(
              "clusters at rest, with more data points than dimensions",
              atRest(isCrowded),
              2,
              {
                control: "no more data points than dimensions",
                observed: atRest((size) => !isCrowded(size)),
              },
            ),
          ]
        : []),
      ...(sizes.some(isCrowded)
        ? [
            Expectation.atLeast(
              "stability at two or more clusters",
              crowded.map(({ stability }) => stability),
              -1e-3,
              Expectation.uncontrolled(
                "a flow rests only at a minimum, where the stability is not negative",
              ),
            ),
          ]
        : []),
    ]
  },
})
