/** Regulariser of a finite step: the function that label noise descends at a learning rate that is not small. */
import { Geometry } from "../geometry/Geometry.ts"
import * as Theory from "../theory/Theory.ts"
import { addRows, type TwoLayer } from "../network/TwoLayer.ts"

/**
 * Gradient of `sum_k c_k lambda_k` over the eigenvalues of `J J^T`, projected onto the tangent space. The c_k (`weights`, n) are
 * fixed, and the eigenvectors are the rows of `vectors` (n x n). Returns a fresh m x d array.
 *
 * For c = 1 it is the Riemannian gradient of the sharpness. Derived here.
 */
export const weightedGradient = (
  geometry: Geometry,
  vectors: Float64Array,
  weights: ReadonlyArray<number>,
): Float64Array => {
  const { network, p, q } = geometry
  const { gram, neurons: m, size: n } = network
  const slopes = new Float64Array(n * m)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) {
        let weight = 0
        for (let l = 0; l < n; l++) {
          weight += weights[l]! * vectors[l * n + i]! * vectors[l * n + k]!
        }
        sum += weight * gram[i * n + k]! * p[k * m + j]!
      }
      slopes[i * m + j] = 2 * q[i * m + j]! * sum
    }
  }
  const gradient = new Float64Array(m * network.dimension)
  addRows(network, slopes, gradient)
  geometry.project(gradient)
  return gradient
}

/**
 * Mean displacement along the minima of one step with all data at `theta`, m x d. It is to second order in the noise and exact
 * in the learning rate: `-eta^2 c` times the Riemannian gradient of `Theory.finiteStepRegulariser`. A fresh m x d array.
 *
 * Requires a stable learning rate and independent gradients of the outputs. Derived here.
 */
export const driftOfStep = (
  network: TwoLayer,
  theta: Float64Array,
  step: Omit<Theory.StepSetting, "batch" | "size">,
): Float64Array => {
  const { size } = network
  const geometry = new Geometry(network).atParameters(theta)
  const { values, vectors } = geometry.tangentEigen()
  const scale = Theory.gradientFactor(step.convention) / size
  const factors = Array.from(values, (value) =>
    Theory.finiteStepFactor(step.learningRate * scale * value),
  )
  const gradient = weightedGradient(geometry, vectors, factors)
  const time = Theory.flowTimePerStep({ ...step, batch: size, size })
  for (let k = 0; k < gradient.length; k++) gradient[k]! *= -time
  return gradient
}
