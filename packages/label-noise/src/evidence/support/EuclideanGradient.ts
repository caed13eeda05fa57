import type { Geometry } from "../../geometry/Geometry.ts"
import { addRows } from "../../network/TwoLayer.ts"

/** The Euclidean gradient of the sharpness over all parameters, m x d, before the Riemannian projection. */
export const euclideanGradient = ({ network, p, q }: Geometry): Float64Array => {
  const { dimension, neurons: m, weights } = network
  const out = new Float64Array(m * dimension)
  addRows(
    network,
    p.map((slope, k) => 2 * weights[Math.floor(k / m)]! * slope * q[k]!),
    out,
  )
  return out
}
