/** Laws of the sharpness flow and its geometry: the order of the data, and the unit of time. */
import { Draw, type Law, law, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import { type TwoLayer, twoLayer } from "../TwoLayer.ts"
import { derived } from "./Paper.ts"
import { expand, type RandomNetwork, randomNetwork } from "./RandomNetwork.ts"
import { multiplied } from "./Scaling.ts"
import type { Subject } from "./Subject.ts"

interface Instance {
  readonly problem: RandomNetwork
  readonly factor: number
}

const instances = Draw.record<Instance>({
  problem: Draw.integer(2, 4).chain((size) => randomNetwork({ size })),
  factor: Draw.logarithmic(2, 0.3),
})

/** Row i of the result is row `i + 1` of n, the last one the first. */
const turned = (rows: Float64Array, n: number): Float64Array => {
  const width = rows.length / n
  return Float64Array.from([...rows.subarray(width), ...rows.subarray(0, width)])
}

const close = (actual: Float64Array, expected: Float64Array, relative: number): number =>
  Margin.equal(Vector.distance(actual, expected), 0, {
    absolute: relative * (1e-3 + Vector.norm(expected)),
  })

const reordered = ({ size, ...network }: TwoLayer, isLabelled: boolean): TwoLayer =>
  twoLayer({
    ...network,
    features: turned(network.features, size),
    labels: isLabelled ? turned(network.labels, size) : network.labels,
  })

const orderMargin =
  (isReordered: boolean) =>
  (subject: Subject, { problem }: Instance): number => {
    const { network, theta } = expand(problem)
    const other = reordered(network, isReordered)
    const here = subject.geometry(network, theta)
    const there = subject.geometry(other, theta)
    const expected = (rows: Float64Array) => (isReordered ? turned(rows, network.size) : rows)
    return Margin.all(
      Margin.equal(there.sharpness, here.sharpness, { relative: 1e-12 }),
      close(there.multipliers, expected(here.multipliers), 1e-9),
      close(there.velocity, expected(here.velocity), 1e-9),
      close(subject.flatLimit(other, theta).theta, subject.flatLimit(network, theta).theta, 1e-9),
    )
  }

const order = law<Subject, Instance>({
  id: "label-noise/permuted-data",
  statement:
    "Permuted data have the same sharpness and flat limit, and permuted multipliers and velocities.",
  source: derived("invariance under the order of the data"),
  instances,
  margin: orderMargin(true),
  controls: [{ name: "the labels not permuted", instances, margin: orderMargin(false) }],
})

/** The flow of the activation `factor` times as large, in `1 / factor^power` of the time. */
const timeMargin =
  (power: number) =>
  (subject: Subject, { factor, problem }: Instance): number => {
    const { network, theta } = expand(problem)
    const { sharpness, velocity } = subject.geometry(network, theta)
    // about as long as the fastest change takes
    const time = 0.2 / (1 + sharpness + Vector.maxAbs(velocity))
    const larger = {
      ...network,
      activation: multiplied(network.activation, factor),
      labels: network.labels.map((y) => factor * y),
    }
    const here = subject.flow(network, theta, time)
    const there = subject.flow(larger, theta, time / factor ** power)
    const moved = Vector.distance(here, theta)
    return Margin.equal(Vector.distance(there, here), 0, {
      absolute: 1e-7 * moved + 1e-10 * Vector.norm(theta),
    })
  }

const time = law<Subject, Instance>({
  id: "label-noise/time-rescaling",
  statement:
    "With an activation a times as large the sharpness flow takes the same path in 1 / a^2 of the time.",
  source: derived("time rescaling of the flow"),
  instances,
  margin: timeMargin(2),
  controls: [{ name: "in 1 / a of the time", instances, margin: timeMargin(1) }],
})

export const flowLaws: ReadonlyArray<Law<Subject>> = [order, time]
