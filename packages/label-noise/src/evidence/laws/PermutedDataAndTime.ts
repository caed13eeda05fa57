/** The order of the data and the unit of time change nothing but themselves. */
import { claim, Draw, Margin } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { type TwoLayer, twoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand, randomNetwork } from "../support/RandomNetwork.ts"
import { ours } from "../support/Subject.ts"
import { multiplied } from "../support/Transformations.ts"

const instances = Draw.record({
  problem: Draw.integer(2, 4).chain((size) => randomNetwork({ size })),
  factor: Draw.logarithmic(2, 0.3),
})

/** Row i of the result is row `i + 1` of n, the last one the first. */
const turned = (rows: Float64Array, n: number): Float64Array => {
  const width = rows.length / n
  return Float64Array.from([...rows.subarray(width), ...rows.subarray(0, width)])
}

const reordered = ({ size, ...network }: TwoLayer, isLabelled: boolean): TwoLayer =>
  twoLayer({
    ...network,
    features: turned(network.features, size),
    labels: isLabelled ? turned(network.labels, size) : network.labels,
  })

export const permutedData = claim({
  id: "label-noise/permuted-data",
  statement:
    "Permuted data have the same sharpness and flat limit, and permuted multipliers and velocities.",
  inFloatingPoint: "agreement",
  source: derived("invariance under the order of the data"),
  subject: ours,
  instances,
  value: true,
  margin: ({ instance: { problem }, kernels, subject, value: isReordered }) => {
    const { network, theta } = expand(problem, { kernels })
    const other = reordered(network, isReordered)
    const here = subject.geometry(network, theta)
    const there = subject.geometry(other, theta)
    const expected = (rows: Float64Array) => (isReordered ? turned(rows, network.size) : rows)
    return Margin.all(
      Margin.equal(there.sharpness, here.sharpness, { relative: 1e-12 }),
      near(there.multipliers, expected(here.multipliers), { floor: 1e-3 }),
      near(there.velocity, expected(here.velocity), { floor: 1e-3 }),
      near(subject.flatLimit(other, theta).theta, subject.flatLimit(network, theta).theta, {
        floor: 1e-3,
      }),
    )
  },
  controls: [{ name: "the labels not permuted", value: false }],
})

export const timeRescaling = claim({
  id: "label-noise/time-rescaling",
  statement:
    "With an activation a times as large the sharpness flow takes the same path in 1 / a^2 of the time.",
  inFloatingPoint: "agreement",
  source: derived("time rescaling of the flow"),
  subject: ours,
  instances,
  value: 2,
  // the flow of the activation `factor` times as large, in `1 / factor^power` of the time
  margin: ({ instance: { factor, problem }, kernels, subject, value: power }) => {
    const { network, theta } = expand(problem, { kernels })
    const { sharpness, velocity } = subject.geometry(network, theta)
    // about as long as the fastest change takes
    const time = 0.2 / (1 + sharpness + Vector.maxAbs(velocity))
    const larger = {
      ...network,
      activation: multiplied(network.activation, factor),
      labels: network.labels.map((y) => factor * y),
    }
    const here = subject.flow(network, theta, time)
    const there = subject.flow(larger, theta, time / Elementary.pow(factor, power))
    const absolute = 1e-7 * Vector.distance(here, theta) + 1e-10 * Vector.norm(theta)
    return Margin.equal(Vector.distance(there, here), 0, { absolute })
  },
  controls: [{ name: "in 1 / a of the time", value: 1 }],
})
