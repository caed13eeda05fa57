import * as Elementary from "@nonconvex/numerics/Elementary"
import type { Block } from "../../network/Block.ts"
import type { Signal, Space } from "./Signal.ts"
import { nothing, type Stage } from "./Stage.ts"

/** A matrix inside an array, row-major: its first number, and the numbers from one row to the next. */
interface Matrix {
  readonly of: Float64Array
  readonly at: number
  readonly stride: number
}

/** Adds `scale a b^T` to `out`: `rows` x `columns`, sums of `terms`. */
const addByRows = (
  [rows, columns, terms]: readonly [number, number, number],
  scale: number,
  a: Matrix,
  b: Matrix,
  out: Matrix,
): void => {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0
      for (let k = 0, p = a.at + i * a.stride, q = b.at + j * b.stride; k < terms; k++) {
        sum += a.of[p + k]! * b.of[q + k]!
      }
      out.of[out.at + i * out.stride + j]! += scale * sum
    }
  }
}

/** Adds `scale a b` to `out`, or `scale a^T b`, where a is `size` x `size`. */
const addProduct = (
  size: number,
  columns: number,
  isTransposed: boolean,
  scale: number,
  a: Float64Array,
  b: Matrix,
  out: Matrix,
): void => {
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = scale * (isTransposed ? a[k * size + i]! : a[i * size + k]!)
      if (factor === 0) continue
      const [to, from] = [out.at + i * out.stride, b.at + k * b.stride]
      for (let j = 0; j < columns; j++) out.of[to + j]! += factor * b.of[from + j]!
    }
  }
}

/** Softmax of each row in place, over the first `i + 1` numbers of row i where `causal`. */
const softmax = (size: number, causal: boolean, scores: Float64Array): void => {
  for (let i = 0; i < size; i++) {
    const row = scores.subarray(i * size, (i + 1) * size)
    const end = causal ? i + 1 : size
    let top = -Infinity
    for (let j = 0; j < end; j++) top = Math.max(top, row[j]!)
    let sum = 0
    for (let j = 0; j < end; j++) sum += row[j] = Elementary.exp(row[j]! - top)
    for (let j = 0; j < end; j++) row[j]! /= sum
    row.fill(0, end)
  }
}

/** `p (d - row sum of p d)` element by element: the derivative of the softmax, which is symmetric. */
const throughSoftmax = (
  size: number,
  p: Float64Array,
  d: Float64Array,
  out: Float64Array,
): void => {
  for (let at = 0; at < size * size; at += size) {
    let mean = 0
    for (let j = at; j < at + size; j++) mean += p[j]! * d[j]!
    for (let j = at; j < at + size; j++) out[j] = p[j]! * (d[j]! - mean)
  }
}

/**
 * The stage `O = P V` with `P = softmax(scale Q K^T)` in each head, rows being the positions of a sample.
 *
 * With the adjoint `D = O_adj V^T` of P: `S_adj = P (D - r)` with `r_i = sum_j P_ij D_ij`, and its tangent is
 * `P' (D - r) + P (D' - r')` with `r'_i = sum_j P'_ij D_ij + P_ij D'_ij` (derived here).
 */
export const attention = (
  {
    heads: { causal, heads, keys, scale, values },
    positions: size,
  }: {
    readonly heads: Extract<Block, { readonly _tag: "Attention" }>
    readonly positions: number
  },
  input: Signal,
  output: Signal,
  space: Space,
): Stage => {
  const channels = heads * (2 * keys + values)
  const square = size * size
  const samples = input.value.length / (size * channels)
  const probabilities = space(samples * heads * square)
  const [turned, pulled, pulledTangent, back] = Array.from(
    { length: 4 },
    () => new Float64Array(square),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array]
  const squareOf = (of: Float64Array): Matrix => ({ of, at: 0, stride: size })
  const [byKeys, byValues] = [
    [size, size, keys],
    [size, size, values],
  ] as const

  /** Visits every head of every sample: its probabilities, and its matrices in an array of the input or the output. */
  const each = (
    visit: (
      p: Float64Array,
      q: (of: Float64Array) => Matrix,
      k: (of: Float64Array) => Matrix,
      v: (of: Float64Array) => Matrix,
      o: (of: Float64Array) => Matrix,
    ) => void,
  ): void => {
    for (let i = 0; i < samples; i++) {
      for (let h = 0; h < heads; h++) {
        const at = (i * heads + h) * square
        const begin = i * size * channels
        const matrix = (offset: number) => (of: Float64Array) => ({
          of,
          at: begin + offset,
          stride: channels,
        })
        visit(
          probabilities.subarray(at, at + square),
          matrix(h * keys),
          matrix((heads + h) * keys),
          matrix(2 * heads * keys + h * values),
          (of) => ({ of, at: i * size * heads * values + h * values, stride: heads * values }),
        )
      }
    }
  }
  /** Tangent of the probabilities of one head. */
  const turn: Parameters<typeof each>[0] = (p, q, k) => {
    back.fill(0)
    addByRows(byKeys, scale, q(input.tangent), k(input.value), squareOf(back))
    addByRows(byKeys, scale, q(input.value), k(input.tangent), squareOf(back))
    throughSoftmax(size, p, back, turned)
  }
  return {
    forward: () => {
      output.value.fill(0)
      each((p, q, k, v, o) => {
        p.fill(0)
        addByRows(byKeys, scale, q(input.value), k(input.value), squareOf(p))
        softmax(size, causal, p)
        addProduct(size, values, false, 1, p, v(input.value), o(output.value))
      })
    },
    forwardTangent: () => {
      output.tangent.fill(0)
      each((p, q, k, v, o) => {
        turn(p, q, k, v, o)
        addProduct(size, values, false, 1, turned, v(input.value), o(output.tangent))
        addProduct(size, values, false, 1, p, v(input.tangent), o(output.tangent))
      })
    },
    backward: () => {
      input.adjoint.fill(0)
      each((p, q, k, v, o) => {
        addProduct(size, values, true, 1, p, o(output.adjoint), v(input.adjoint))
        pulled.fill(0)
        addByRows(byValues, 1, o(output.adjoint), v(input.value), squareOf(pulled))
        throughSoftmax(size, p, pulled, back)
        addProduct(size, keys, false, scale, back, k(input.value), q(input.adjoint))
        addProduct(size, keys, true, scale, back, q(input.value), k(input.adjoint))
      })
    },
    backwardTangent: () => {
      input.adjointTangent.fill(0)
      each((p, q, k, v, o) => {
        turn(p, q, k, v, o)
        const to = input.adjointTangent
        addProduct(size, values, true, 1, turned, o(output.adjoint), v(to))
        addProduct(size, values, true, 1, p, o(output.adjointTangent), v(to))
        pulled.fill(0)
        addByRows(byValues, 1, o(output.adjoint), v(input.value), squareOf(pulled))
        pulledTangent.fill(0)
        addByRows(byValues, 1, o(output.adjointTangent), v(input.value), squareOf(pulledTangent))
        addByRows(byValues, 1, o(output.adjoint), v(input.tangent), squareOf(pulledTangent))
        throughSoftmax(size, p, pulled, back)
        addProduct(size, keys, false, scale, back, k(input.tangent), q(to))
        addProduct(size, keys, true, scale, back, q(input.tangent), k(to))
        for (let at = 0; at < square; at += size) {
          let [mean, meanTangent] = [0, 0]
          for (let j = at; j < at + size; j++) {
            mean += p[j]! * pulled[j]!
            meanTangent += turned[j]! * pulled[j]! + p[j]! * pulledTangent[j]!
          }
          for (let j = at; j < at + size; j++) {
            back[j] = turned[j]! * (pulled[j]! - mean) + p[j]! * (pulledTangent[j]! - meanTangent)
          }
        }
        addProduct(size, keys, false, scale, back, k(input.value), q(to))
        addProduct(size, keys, true, scale, back, q(input.value), k(to))
      })
    },
    accumulate: nothing,
  }
}
