import type { Objective } from "@nonconvex/problems/Objective"
import type { TwoLayer } from "../../network/TwoLayer.ts"

/**
 * Half the mean of the squared residuals of some data, with the given noise on their labels. It is an objective in the
 * parameters (m x d), for any optimizer.
 */
export interface NoisyLoss extends Objective {
  readonly network: TwoLayer
  /** Data of the next step; write to it. */
  readonly indices: Uint32Array
  /** Noise on their labels; write to it. */
  readonly epsilon: Float64Array
}

/** The loss of `batch` data; at first each is datum 0, without noise. */
export const noisyLoss = (network: TwoLayer, batch: number): NoisyLoss => {
  const { activation, dimension: d, features, labels, neurons: m } = network
  const indices = new Uint32Array(batch)
  const epsilon = new Float64Array(batch)
  const z = new Float64Array(m)
  return {
    name: "half the mean of squares on given data, with given noise",
    constants: {},
    network,
    indices,
    epsilon,
    dimension: m * d,
    valueAndGradient: (theta, gradient) => {
      let squares = 0
      gradient.fill(0)
      for (const [b, i] of indices.entries()) {
        const row = features.subarray(i * d, (i + 1) * d)
        let residual = -labels[i]! - epsilon[b]!
        for (let j = 0; j < m; j++) {
          let sum = 0
          for (let a = 0; a < d; a++) sum += row[a]! * theta[j * d + a]!
          z[j] = sum
          residual += activation.value(sum)
        }
        squares += residual * residual
        for (let j = 0; j < m; j++) {
          const weight = (residual / batch) * activation.first(z[j]!)
          for (let a = 0; a < d; a++) gradient[j * d + a]! += weight * row[a]!
        }
      }
      return squares / (2 * batch)
    },
  }
}
