import { claim, Kind, Margin } from "@nonconvex/evidence"
import { type TwoLayer, twoLayer } from "../../network/TwoLayer.ts"
import { near } from "../support/Near.ts"
import { derived } from "../support/Paper.ts"
import { expand } from "../support/RandomNetwork.ts"
import { instances } from "../support/ScaledNetworks.ts"
import { ours } from "../support/Subject.ts"

/** Rotates n rows cyclically: row i of the result is row `i + 1`, and the last is the first. */
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
  source: Kind.identity(derived("invariance under the order of the data")),
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
