/**
 * Products of a matrix game in real arithmetics, whose errors are rounding errors.
 *
 * A sum of n products in arithmetic of unit roundoff u, in any order, has an error of at most `gamma(n) = n u / (1 - n u)`
 * times the sum of the magnitudes. The error of A y is therefore at most `gamma |A|_F |y|` (Higham, Accuracy and Stability,
 * section 3.1).
 */
import * as Kernels from "@nonconvex/numerics/Kernels"
import type * as RandomStream from "@nonconvex/numerics/RandomStream"

/** `ay = A y` and `atx = A^T x`. */
type BothProducts = (y: Float64Array, ay: Float64Array, x: Float64Array, atx: Float64Array) => void

/** `ay = A y`. */
type Product = (y: Float64Array, ay: Float64Array) => void

/** A way to compute the products of one matrix, with a bound on its errors. */
export interface Products {
  readonly name: string
  /** Bound on the relative error of a product, as a multiple of `|A|_F |vector|`, for sums of `terms` products. */
  readonly error: (terms: number) => number
  /** Prepares for a row-major matrix; the returned function allocates nothing. `kernels`: default the strict ones of this thread. */
  readonly prepare: (
    matrix: Float64Array,
    rows: number,
    columns: number,
    kernels?: Kernels.Kernels,
  ) => BothProducts
  /** The same for A y only. */
  readonly prepareOne: (
    matrix: Float64Array,
    rows: number,
    columns: number,
    kernels?: Kernels.Kernels,
  ) => Product
}

const gamma = (terms: number, unit: number): number =>
  terms * unit < 1 ? (terms * unit) / (1 - terms * unit) : Number.POSITIVE_INFINITY

const unit64 = 2 ** -53
const unit32 = 2 ** -24

/**
 * Products in float64; strict kernels give the same bits on every machine. A matrix in the memory of compiled kernels is
 * used in place; any other is multiplied by the plain loops of the strict order.
 */
export const float64: Products = {
  name: "float64",
  error: (terms) => gamma(terms, unit64),
  prepare: (matrix, rows, columns, kernels = Kernels.standard()) => {
    const { gemvBoth } = Kernels.inPlace(kernels, matrix)
    return (y, ay, x, atx) => gemvBoth(rows, columns, matrix, y, ay, x, atx)
  },
  prepareOne: (matrix, rows, columns, kernels = Kernels.standard()) => {
    const { gemv } = Kernels.inPlace(kernels, matrix)
    return (y, ay) => gemv(false, rows, columns, 1, matrix, y, 0, ay)
  },
}

const transposed = (a: Float64Array, rows: number, columns: number): Float64Array =>
  Float64Array.from({ length: a.length }, (_, k) => a[(k % rows) * columns + Math.floor(k / rows)]!)

/** Both products by one kind of arithmetic. */
const twice =
  (one: Products["prepareOne"]): Products["prepare"] =>
  (matrix, rows, columns) => {
    const [forward, back] = [
      one(matrix, rows, columns),
      one(transposed(matrix, rows, columns), columns, rows),
    ]
    return (y, ay, x, atx) => {
      forward(y, ay)
      back(x, atx)
    }
  }

const single: Products["prepareOne"] = (matrix, rows, columns) => {
  const a = Float32Array.from(matrix)
  const narrow = new Float32Array(columns)
  return (y, ay) => {
    narrow.set(y)
    for (let i = 0; i < rows; i++) {
      let sum = 0
      for (let j = 0; j < columns; j++) {
        sum = Math.fround(sum + Math.fround(a[i * columns + j]! * narrow[j]!))
      }
      ay[i] = sum
    }
  }
}

/** Matrix, vectors, products and sums in float32, as on an accelerator; terms in increasing order. */
export const float32: Products = {
  name: "float32",
  // a rounding of the entry, of the vector and of the product, and n - 1 of the sum
  error: (terms) => gamma(terms + 2, unit32),
  prepare: twice(single),
  prepareOne: single,
}

/** float64 with the terms of every sum in an order drawn from `stream`, as happens with another number of threads. */
export const permuted = (stream: RandomStream.RandomStream): Products => {
  const shuffled: Products["prepareOne"] = (matrix, rows, columns) => {
    const a = matrix.slice()
    const order = stream.permutation(columns)
    return (y, ay) => {
      for (let i = 0; i < rows; i++) {
        let sum = 0
        for (let k = 0; k < columns; k++) {
          const j = order[k]!
          sum += a[i * columns + j]! * y[j]!
        }
        ay[i] = sum
      }
    }
  }
  return {
    name: "permuted float64",
    error: (terms) => gamma(terms, unit64),
    prepare: twice(shuffled),
    prepareOne: shuffled,
  }
}
