/** What the direct solve commutes with, and what it depends on. */
import { claim, type Law, Margin, type MarginInput } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, type Problem, problems } from "../support/RandomNetwork.ts"
import { type Subject, ours } from "../support/Subject.ts"
import { rotated } from "../support/Transformations.ts"

const instances = problems()
const wide = problems({ extra: 2 })

/** Another network and start, and the limit and pre-activations to expect of it from those of the first. */
interface Image {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly limit: (theta: Float64Array) => Float64Array
}

const margin = ({
  instance: { problem },
  kernels,
  subject: { flatLimit },
  value: image,
}: MarginInput<Problem, (expanded: Expanded) => Image, Subject>): Margin.Comparison => {
  const expanded = expand(problem, { kernels })
  const here = flatLimit(expanded.network, expanded.theta)
  const { limit, network, theta } = image(expanded)
  const there = flatLimit(network, theta)
  return Margin.all(
    near(there.theta, limit(here.theta)),
    near(there.preactivations, here.preactivations),
  )
}

/** Every neuron three times, one after the other. */
const replicated = (theta: Float64Array): Float64Array =>
  Float64Array.from([...theta, ...theta, ...theta])

const replication =
  (labelFactor: number) =>
  ({ network, theta }: Expanded): Image => {
    const labels = network.labels.map((y) => labelFactor * y)
    return {
      network: { ...network, neurons: 3 * network.neurons, labels },
      theta: replicated(theta),
      limit: replicated,
    }
  }

const rotation = (expanded: Expanded): Image => {
  const { network, rotate } = rotated(expanded)
  return { network, theta: rotate(expanded.theta), limit: rotate }
}

/** Another start, that differs by combinations of the data, and where `isFree` also by anything else. */
const elsewhere =
  (isFree: boolean) =>
  ({ network, stream, theta }: Expanded): Image => {
    const { dimension: d, features, neurons: m, size: n } = network
    const noise = stream("start")
    const start = theta.map((value) => value + (isFree ? noise.normal() : 0))
    for (let j = 0; j < m; j++) {
      for (let i = 0; i < n; i++) {
        const row = features.subarray(i * d, (i + 1) * d)
        Vector.axpy(noise.normal(), row, start.subarray(j * d, (j + 1) * d))
      }
    }
    return { network, theta: start, limit: (end) => end }
  }

export const directSolveLaws: ReadonlyArray<Law<Subject>> = [
  claim({
    id: "label-noise/direct-solve-of-replicas",
    statement:
      "The direct solve of k times the neurons and k times the labels has the same pre-activations, and each limit k times.",
    inFloatingPoint: "agreement",
    source: derived("replication in the direct solve"),
    subject: ours,
    instances,
    value: replication(3),
    margin,
    controls: [{ name: "labels as before", value: replication(1) }],
  }),
  claim({
    id: "label-noise/direct-solve-of-rotated-data",
    statement: "The direct solve on rotated data from rotated neurons is the rotated limit.",
    inFloatingPoint: "agreement",
    source: derived("rotation in the direct solve"),
    subject: ours,
    instances,
    value: rotation,
    margin,
    controls: [
      {
        name: "neurons not rotated",
        value: (expanded) => ({ ...rotation(expanded), theta: expanded.theta }),
        instances: wide,
      },
    ],
  }),
  claim({
    id: "label-noise/direct-solve-forgets-its-start",
    statement: "The direct solve depends on its start only by what is orthogonal to the data.",
    inFloatingPoint: "agreement",
    source: derived("independence of the start in the span of the data"),
    subject: ours,
    instances,
    value: elsewhere(false),
    margin,
    controls: [{ name: "any other start", value: elsewhere(true), instances: wide }],
  }),
]
