import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import { gaussian, mulberry32 } from "@nonconvex/numerics/Mulberry32"
import type { Objective } from "@nonconvex/problems/Objective"

const size = 10
const measurements = 30

const gaussians = (normal: () => number, length: number, scale: number): Float64Array =>
  Float64Array.from({ length }, () => scale * normal())

/** Writes `U U'` into `out`. */
const gram = (u: Float64Array, out: Float64Array): void => {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let k = 0; k < size; k++) sum += u[i * size + k]! * u[j * size + k]!
      out[i * size + j] = sum
      out[j * size + i] = sum
    }
  }
}

/** Writes the product of two row-major matrices into `out`. */
const multiply = (a: Float64Array, b: Float64Array, out: Float64Array): void => {
  out.fill(0)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!
      for (let j = 0; j < size; j++) out[i * size + j]! += factor * b[k * size + j]!
    }
  }
}

/**
 * Over-parametrised recovery of a symmetric rank-one matrix `U* U*'` from 30 measurements `<A_q, U U'>`.
 *
 * All numbers of the experiment belong to this instance; its draws are fixed. The setting is ours, not the paper's.
 */
export const matrixSensing = () => {
  const normal = gaussian(mulberry32(7))
  const truth = gaussians(normal, size, 1 / Math.sqrt(size))
  const symmetric = Array.from({ length: measurements }, () => {
    const a = gaussians(normal, size * size, 1)
    return a.map((entry, at) => entry + a[(at % size) * size + Math.floor(at / size)]!)
  })
  const truthGram = Float64Array.from(
    { length: size * size },
    (_, at) => truth[Math.floor(at / size)]! * truth[at % size]!,
  )
  const targets = symmetric.map((s) => Vector.dot(s, truthGram) / 2)
  const product = new Float64Array(size * size)
  const weighted = new Float64Array(size * size)
  /** `L(U) = sum_q (<A_q, U U'> - b_q)^2 / 2m` over the row-major 10 x 10 matrix U. */
  const objective: Objective = {
    name: "matrix sensing",
    dimension: size * size,
    constants: {},
    valueAndGradient: (u, gradient) => {
      gram(u, product)
      weighted.fill(0)
      let value = 0
      for (let q = 0; q < measurements; q++) {
        const residual = Vector.dot(symmetric[q]!, product) / 2 - targets[q]!
        value += residual * residual
        Vector.axpy(residual / measurements, symmetric[q]!, weighted)
      }
      multiply(weighted, u, gradient)
      return value / (2 * measurements)
    },
  }
  return {
    objective,
    /** A large random start: 0.5 N. */
    start: gaussians(gaussian(mulberry32(11)), size * size, 0.5),
    /** `|U U' - U* U*'|_F^2`: zero where the matrix is recovered. */
    testError: (u: Float64Array): number => {
      gram(u, product)
      return Elementary.square(Vector.distance(product, truthGram))
    },
    /** `sum_q |(A_q + A_q') U|_F^2 / m`: the trace of the Hessian at an interpolating U. */
    trace: (u: Float64Array): number => {
      let sum = 0
      for (const s of symmetric) {
        multiply(s, u, product)
        sum += Vector.dot(product, product)
      }
      return sum / measurements
    },
  }
}
