import * as Elementary from "@nonconvex/numerics/Elementary"
import * as SymmetricEigen from "@nonconvex/numerics/SymmetricEigen"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Cholesky from "../network/Cholesky.ts"
import { addGradients, addRows, preactivations, type TwoLayer } from "../network/TwoLayer.ts"

/** Pivots below this share of their diagonal entry count as zero: the gradients of the outputs are dependent. */
const pivotFloor = 1e-13

/**
 * The sharpness `F = sum_i |grad f_i|^2` and its Riemannian gradient on `{f = f(theta)}` at one point, in the Euclidean metric.
 *
 * A workspace: `atParameters` and `atPreactivations` fill all fields for a point, without allocation if the gradients of the
 * outputs are independent. Geometry of the paper (Gatmiry, Li, Reddi, Jegelka 2024, as recalled); formulas derived here.
 */
export class Geometry {
  readonly network: TwoLayer
  /** n x m: pre-activations, and the three derivatives of the activation there. */
  readonly z: Float64Array
  readonly p: Float64Array
  readonly q: Float64Array
  readonly t: Float64Array
  /** n x n: `J J^T`, the inner products of the gradients of the outputs. */
  readonly tangentGram: Float64Array
  /** n: the multipliers alpha. */
  readonly multipliers: Float64Array
  /** n x m: the Riemannian gradient for neuron j is `sum_i s_ij x_i`. */
  readonly s: Float64Array
  /** n x m: `gram s`; its negative is the velocity of z under the flow. */
  readonly gs: Float64Array
  sharpness = 0
  gradientNorm = 0
  /** True if the gradients of the outputs are dependent to working precision; the multipliers are then a least-squares fit. */
  isSingular = false
  readonly #factor: Float64Array

  constructor(network: TwoLayer) {
    const { neurons: m, size: n } = network
    this.network = network
    this.z = new Float64Array(n * m)
    this.p = new Float64Array(n * m)
    this.q = new Float64Array(n * m)
    this.t = new Float64Array(n * m)
    this.s = new Float64Array(n * m)
    this.gs = new Float64Array(n * m)
    this.tangentGram = new Float64Array(n * n)
    this.#factor = new Float64Array(n * n)
    this.multipliers = new Float64Array(n)
  }

  /** Moves to the parameters `theta`, m x d. */
  atParameters(theta: Float64Array): this {
    preactivations(this.network, theta, this.z)
    return this.#evaluate()
  }

  /** Moves to the pre-activations `z`, n x m. */
  atPreactivations(z: Float64Array): this {
    this.z.set(z)
    return this.#evaluate()
  }

  #evaluate(): this {
    const { p, q, s, t, z } = this
    const { activation, neurons: m, size: n, weights } = this.network
    let sharpness = 0
    for (let i = 0; i < n; i++) {
      const w = weights[i]!
      for (let j = 0; j < m; j++) {
        const at = i * m + j
        const here = z[at]!
        const slope = activation.first(here)
        p[at] = slope
        const curvature = activation.second(here)
        q[at] = curvature
        t[at] = activation.third(here)
        // the Euclidean gradient first: s is 2 w p q
        s[at] = 2 * w * slope * curvature
        sharpness += w * slope * slope
      }
    }
    this.sharpness = sharpness
    this.#formTangentGram()
    this.#multiplyByGram()
    this.#solveMultipliers()
    for (let i = 0; i < n; i++) {
      const alpha = this.multipliers[i]!
      const double = 2 * weights[i]!
      for (let j = 0; j < m; j++) {
        const at = i * m + j
        s[at] = p[at]! * (double * q[at]! - alpha)
      }
    }
    this.#multiplyByGram()
    let square = 0
    for (let k = 0; k < n * m; k++) square += s[k]! * this.gs[k]!
    this.gradientNorm = Math.sqrt(Math.max(0, square))
    return this
  }

  #formTangentGram(): void {
    const { p, tangentGram } = this
    const { gram, neurons: m, size: n } = this.network
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) {
        let sum = 0
        for (let j = 0; j < m; j++) sum += p[i * m + j]! * p[k * m + j]!
        const entry = sum * gram[i * n + k]!
        tangentGram[i * n + k] = entry
        tangentGram[k * n + i] = entry
      }
    }
  }

  #multiplyByGram(): void {
    const { gs, s } = this
    const { gram, neurons: m, size: n } = this.network
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++) {
        let sum = 0
        for (let k = 0; k < n; k++) sum += gram[i * n + k]! * s[k * m + j]!
        gs[i * m + j] = sum
      }
    }
  }

  #solveMultipliers(): void {
    const { gs, multipliers, p } = this
    const { neurons: m, size: n } = this.network
    for (let i = 0; i < n; i++) {
      let sum = 0
      for (let j = 0; j < m; j++) sum += p[i * m + j]! * gs[i * m + j]!
      multipliers[i] = sum
    }
    this.#factor.set(this.tangentGram)
    this.isSingular = Cholesky.factor(this.#factor, n, pivotFloor) >= 0
    this.#solve(multipliers)
  }

  /** Solves `J J^T alpha = b` in place of b; gives the least-squares solution if the gradients of the outputs are dependent. */
  #solve(b: Float64Array): void {
    if (this.isSingular) this.#solveTruncated(b)
    else Cholesky.solve(this.#factor, this.network.size, b)
  }

  /** Solves in the span of the eigenvectors with nonzero eigenvalues. */
  #solveTruncated(b: Float64Array): void {
    const n = this.network.size
    if (!Vector.isFinite(this.tangentGram)) {
      // a trial step that overflowed: NaN makes the integrator shorten it
      b.fill(Number.NaN)
      return
    }
    const { values, vectors } = this.tangentEigen()
    const right = Float64Array.from(b)
    const cutoff = pivotFloor * n * values[n - 1]!
    b.fill(0)
    for (let k = 0; k < n; k++) {
      if (!(values[k]! > cutoff)) continue
      const vector = vectors.subarray(k * n, (k + 1) * n)
      Vector.axpy(Vector.dot(vector, right) / values[k]!, vector, b)
    }
  }

  /** Writes the Riemannian gradient of the sharpness, m x d, to `out`; default a fresh array. */
  gradient(
    out: Float64Array = new Float64Array(this.network.neurons * this.network.dimension),
  ): Float64Array {
    addRows(this.network, this.s, out.fill(0))
    return out
  }

  /**
   * Adds `factor J^T (J J^T)^+ b` to `out`, m x d: the shortest motion that changes the outputs by `factor b`. Overwrites b, of
   * length n.
   */
  addTangent(b: Float64Array, out: Float64Array, factor = 1): void {
    this.#solve(b)
    addGradients(this.network, this.p, b, out, factor)
  }

  /** Projects a direction, m x d, in place onto the tangent space of `{f = f(theta)}`. */
  project(direction: Float64Array): void {
    const { neurons: m, size: n } = this.network
    const y = preactivations(this.network, direction)
    const changes = new Float64Array(n)
    for (let k = 0; k < n * m; k++) changes[Math.floor(k / m)]! += this.p[k]! * y[k]!
    this.addTangent(changes, direction, -1)
  }

  /** The coefficient of `y_ij^2` in the Riemannian Hessian, `2 w (q^2 + p t) - alpha q`. Derived here. */
  hessianCoefficient(i: number, j: number): number {
    const at = i * this.network.neurons + j
    const q = this.q[at]!
    return (
      2 * this.network.weights[i]! * (q * q + this.p[at]! * this.t[at]!) - this.multipliers[i]! * q
    )
  }

  /** The Riemannian Hessian of the sharpness along a tangent direction, m x d: `sum_ij` of the coefficients times `y_ij^2`. */
  hessian(direction: Float64Array): number {
    const { neurons: m, size: n } = this.network
    const y = preactivations(this.network, direction)
    let sum = 0
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < m; j++)
        sum += this.hessianCoefficient(i, j) * Elementary.square(y[i * m + j]!)
    }
    return sum
  }

  /** The eigenpairs of `J J^T`, ascending; its eigenvectors are weights of the data. */
  tangentEigen(): SymmetricEigen.Eigen {
    const { kernels, size } = this.network
    return SymmetricEigen.eigen(this.tangentGram, size, kernels)
  }

  /** Eigenvalues of `J J^T`, ascending; on the minima the nonzero eigenvalues of the Hessian are `kappa / n` times these. */
  tangentEigenvalues(): Float64Array {
    return this.tangentEigen().values
  }
}
