import * as Vector from "@nonconvex/numerics/Vector"
import { symmetry, type Transformation } from "../support/CommutingRuns.ts"
import { problems } from "../support/RandomNetwork.ts"

/** A random row for every neuron; orthogonal to the data if `isOrthogonal`. */
const addition =
  (isOrthogonal: boolean): Transformation =>
  (setting, { network, stream }) => {
    const { dimension: d, features, neurons: m, size: n } = network
    const rows = stream("rows").normals(m * d)
    const basis: Array<Float64Array> = []
    for (let i = 0; i < n; i++) {
      const vector = Float64Array.from(features.subarray(i * d, (i + 1) * d))
      for (const other of basis) Vector.axpy(-Vector.dot(other, vector), other, vector)
      Vector.normalise(vector)
      basis.push(vector)
    }
    const orthogonalise = (row: Float64Array) => {
      for (const vector of basis) Vector.axpy(-Vector.dot(vector, row), vector, row)
    }
    for (let j = 0; j < m; j++) {
      if (isOrthogonal) orthogonalise(rows.subarray(j * d, (j + 1) * d))
    }
    const add = (theta: Float64Array) => theta.map((value, k) => value + rows[k]!)
    return { ...setting, theta: add(setting.theta), mapEnd: add }
  }

const wide = problems({ extra: 2 })

export const frozenComplement = symmetry({
  id: "label-noise/frozen-complement",
  statement:
    "The component of a neuron orthogonal to the data is constant and does not affect the run.",
  instances: wide,
  value: addition(true),
  controls: [{ name: "any rows added", value: addition(false) }],
})
