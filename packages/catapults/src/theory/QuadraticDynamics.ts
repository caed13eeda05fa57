/**
 * Gradient descent on models quadratic in their parameters, as maps of outputs and tangent kernel.
 *
 * Source: Zhu, Liu, Radhakrishnan, Belkin 2022. Its output map is correct as printed. Its kernel map for a general
 * model and its Proposition 10 are false. Both are errata of this package, corrected here.
 */
import * as Vector from "@nonconvex/numerics/Vector"

/** One step of a quadratic model, given the rows of J and the rows `G_i = H_i J' r` at its start. */
export interface QuadraticStep {
  readonly residual: Float64Array
  /** n x n. */
  readonly kernel: Float64Array
  /** n x p. */
  readonly jacobian: Float64Array
  /** n x p. */
  readonly bends: Float64Array
  readonly step: number
}

const row = (a: Float64Array, i: number, p: number) => a.subarray(i * p, (i + 1) * p)

/** `A B'` of two n x p matrices. */
export const gram = (a: Float64Array, b: Float64Array, n: number, p: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) =>
    Vector.dot(row(a, Math.floor(at / n), p), row(b, at % n, p)),
  )

/** Change of the outputs, `f - e K r + e^2 G J' r / 2` minus f (as printed; checked). */
export const outputChange = (of: QuadraticStep): Float64Array => {
  const { bends, jacobian, kernel, residual, step } = of
  const n = residual.length
  const p = jacobian.length / n
  const pulled = new Float64Array(p)
  for (let i = 0; i < n; i++) Vector.axpy(residual[i]!, row(jacobian, i, p), pulled)
  return residual.map(
    (_, i) =>
      -step * Vector.dot(row(kernel, i, n), residual) +
      0.5 * (step * step) * Vector.dot(row(bends, i, p), pulled),
  )
}

/** `G J'` and `G G'`. */
const products = ({ bends, jacobian, residual: { length: n } }: QuadraticStep) => {
  const p = jacobian.length / n
  return { n, cross: gram(bends, jacobian, n, p), square: gram(bends, bends, n, p) }
}

/** `- e (J G' + G J') + e^2 G G'`: the change of the kernel. Corrected here. */
export const kernelChange = (of: QuadraticStep): Float64Array => {
  const { cross, n, square } = products(of)
  return square.map((value, at) => {
    const [i, j] = [Math.floor(at / n), at % n]
    return of.step * of.step * value - of.step * (cross[j * n + i]! + cross[i * n + j]!)
  })
}

/**
 * Printed change of the kernel: minus `(eta / 4)(4 G J' - eta G G')`, for half the sum of squares, where e is eta. It
 * is not symmetric, and false.
 */
export const kernelChangeAsPrinted = (of: QuadraticStep): Float64Array => {
  const { cross, square } = products(of)
  return cross.map((value, at) => -(of.step / 4) * (4 * value - of.step * square[at]!))
}

/** `g = gamma w' Sigma w / 2` with `Sigma^2 = |x|^2 I` and label 0: output and kernel. */
export interface PureState {
  readonly output: number
  readonly kernel: number
}

interface PureStep {
  readonly gamma: number
  readonly squaredInput: number
  readonly step: number
}

/**
 * Step of the pure quadratic model: `(1 - e lambda + gamma^2 e^2 |x|^2 g^2) g` and `lambda - e gamma^2 |x|^2 g^2 (4 - e
 * lambda)`. Corrected here.
 */
export const pureStep = (
  { kernel, output }: PureState,
  { gamma, squaredInput, step }: PureStep,
): PureState => {
  const bend = gamma * gamma * squaredInput * (output * output)
  return {
    output: (1 - step * kernel + bend * (step * step)) * output,
    kernel: kernel - step * bend * (4 - step * kernel),
  }
}

/**
 * Step as printed (Proposition 10): gamma instead of its square, and no learning rate in the decrease of the kernel.
 */
export const pureStepAsPrinted = (
  { kernel, output }: PureState,
  { gamma, squaredInput, step }: PureStep,
): PureState => {
  const bend = gamma * squaredInput * (output * output)
  return {
    output: (1 - step * kernel + bend * (step * step)) * output,
    kernel: kernel - bend * (4 - step * kernel),
  }
}

/** The state on n scalar inputs of the frozen-gate model: residuals and kernel, with the inputs and outputs. */
export interface ScalarInputState {
  readonly outputs: Float64Array
  readonly kernel: Float64Array
}

/**
 * One step with scalar inputs (as printed, appendix; checked). Positive and negative inputs form two clusters that do
 * not interact. The kernel therefore has rank 2, and every other direction of the residual is unchanged.
 */
export const scalarInputStep = (
  { kernel, outputs }: ScalarInputState,
  options: {
    readonly inputs: Float64Array
    readonly labels: Float64Array
    readonly step: number
    readonly width: number
  },
): ScalarInputState => {
  const { inputs, labels, step: e, width: m } = options
  const n = outputs.length
  const r = outputs.map((value, i) => value - labels[i]!)
  const next = outputs.map((value, i) => value - e * Vector.dot(row(kernel, i, n), r))
  const moved = kernel.slice()
  for (const sign of [1, -1]) {
    const mine = (v: Float64Array) => v.map((value, i) => (sign * inputs[i]! >= 0 ? value : 0))
    const [rs, gs, p] = [mine(r), mine(outputs), mine(inputs)]
    const rg = Vector.dot(rs, gs)
    const pr = Vector.dot(p, r)
    const krs = rs.map((_, i) => Vector.dot(row(kernel, i, n), rs))
    const factor = (e * e * Vector.dot(rs, krs) - 4 * e * rg) / m
    for (let i = 0; i < n; i++) {
      next[i]! += ((e * e) / m) * rg * p[i]! * pr
      for (let j = 0; j < n; j++) moved[i * n + j]! += factor * p[i]! * p[j]!
    }
  }
  return { outputs: next, kernel: moved }
}
