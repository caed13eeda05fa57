/**
 * Gradient descent on a two-layer linear network `f = v' U x / sqrt(m)`, in closed form with a state whose size does
 * not depend on the width.
 *
 * Source: one sample with label 0 is Lewkowycz et al. 2020 (as recalled). General inputs, labels and any number of samples are
 * derived here. e is the effective step, z = f - y.
 */
import * as Vector from "@nonconvex/numerics/Vector"

/** The output on one sample, and its tangent kernel `(|x|^2 |v|^2 + |U x|^2) / m`. */
export interface OneSample {
  readonly output: number
  readonly kernel: number
}

/**
 * One step on one sample: `f - e z lambda + e^2 z^2 f s / m` and `lambda + (e z s / m)(e z lambda - 4 f)` with `s =
 * |x|^2`. The frozen-gate quadratic model takes the same step with `s / d` in place of s.
 */
export const oneSampleStep = (
  { kernel, output }: OneSample,
  options: {
    readonly label: number
    readonly step: number
    readonly squaredInput: number
    readonly width: number
  },
): OneSample => {
  const { label, squaredInput, step, width } = options
  const z = output - label
  const share = (step * z * squaredInput) / width
  return {
    output: output - step * z * kernel + step * z * share * output,
    kernel: kernel + share * (step * z * kernel - 4 * output),
  }
}

/** State on n samples: outputs, `alpha = |v|^2 / m` and `B = X U' U X' / m`; the tangent kernel is `alpha S + B`. */
export interface SampleState {
  readonly outputs: Float64Array
  readonly alpha: number
  /** n x n. */
  readonly inner: Float64Array
}

const multiply = (matrix: Float64Array, v: Float64Array): Float64Array => {
  const n = v.length
  return v.map((_, i) => Vector.dot(matrix.subarray(i * n, (i + 1) * n), v))
}

/** `K = alpha S + B`. */
export const kernelOf = ({ alpha, inner }: SampleState, gram: Float64Array): Float64Array =>
  inner.map((value, at) => value + alpha * gram[at]!)

/** One step on n samples with the Gram matrix `S = X X'`: n^2 + n + 1 numbers at any width. */
export const sampleStep = (
  state: SampleState,
  options: {
    readonly gram: Float64Array
    readonly labels: Float64Array
    readonly step: number
    readonly width: number
  },
): SampleState => {
  const { gram, labels, step: e, width: m } = options
  const { alpha, inner, outputs: f } = state
  const n = f.length
  const r = f.map((value, i) => value - labels[i]!)
  const kr = multiply(kernelOf(state, gram), r)
  const sr = multiply(gram, r)
  const rf = Vector.dot(r, f)
  const br = multiply(inner, r)
  return {
    outputs: f.map((value, i) => value - e * kr[i]! + ((e * e) / m) * rf * sr[i]!),
    alpha: alpha - ((2 * e) / m) * rf + ((e * e) / m) * Vector.dot(r, br),
    inner: inner.map((value, at) => {
      const [i, j] = [Math.floor(at / n), at % n]
      return (
        value -
        (e / m) * (sr[i]! * f[j]! + f[i]! * sr[j]!) +
        ((e * e * alpha) / m) * sr[i]! * sr[j]!
      )
    }),
  }
}
