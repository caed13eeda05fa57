import type { Geometry } from "../../geometry/Geometry.ts"

/** The gradient of the sharpness in the space of all parameters, m x d: what the Riemannian one projects. */
export const euclideanGradient = (geometry: Geometry): Float64Array => {
  const { dimension: d, features, neurons: m, size: n, weights } = geometry.network
  const out = new Float64Array(m * d)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      const slope = 2 * weights[i]! * geometry.p[i * m + j]! * geometry.q[i * m + j]!
      for (let a = 0; a < d; a++) out[j * d + a]! += slope * features[i * d + a]!
    }
  }
  return out
}
