/** What the direct solve commutes with, and what it depends on. */
import { type Given, type Law, Margin, parametrisedLaw } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import type { TwoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, type Expanded, type Problem, problems } from "../support/RandomNetwork.ts"
import type { Subject } from "../support/Subject.ts"
import { rotated } from "../support/Transformations.ts"

const instances = problems()
const wide = problems({ extra: 2 })

/** Another network and start, and the limit and pre-activations to expect of it from those of the first. */
interface Image {
  readonly network: TwoLayer
  readonly theta: Float64Array
  readonly limit: (theta: Float64Array) => Float64Array
}

const margin = (
  { flatLimit }: Subject,
  { problem }: Problem,
  given: Given,
  image: (expanded: Expanded) => Image,
): number => {
  const expanded = expand(problem, given)
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
  parametrisedLaw({
    id: "label-noise/direct-solve-of-replicas",
    statement:
      "The direct solve of k times the neurons and k times the labels has the same pre-activations, and each limit k times.",
    inFloatingPoint: "agreement",
    source: derived("replication in the direct solve"),
    instances,
    margin,
    holds: replication(3),
    fails: [["labels as before", replication(1)]],
  }),
  parametrisedLaw({
    id: "label-noise/direct-solve-of-rotated-data",
    statement: "The direct solve on rotated data from rotated neurons is the rotated limit.",
    inFloatingPoint: "agreement",
    source: derived("rotation in the direct solve"),
    instances,
    margin,
    holds: rotation,
    fails: [
      [
        "neurons not rotated",
        (expanded) => ({ ...rotation(expanded), theta: expanded.theta }),
        wide,
      ],
    ],
  }),
  parametrisedLaw({
    id: "label-noise/direct-solve-forgets-its-start",
    statement: "The direct solve depends on its start only by what is orthogonal to the data.",
    inFloatingPoint: "agreement",
    source: derived("independence of the start in the span of the data"),
    instances,
    margin,
    holds: elsewhere(false),
    fails: [["any other start", elsewhere(true), wide]],
  }),
]
