/** Kernels on vectors. */
import * as Vector from "../Vector.ts"
import * as Check from "./Check.ts"
import type { Engine } from "./Engine.ts"

export interface VectorKernels {
  /** The inner product, in the order of `Vector.dot` in the strict build. Throws InvalidInput on different lengths. */
  readonly dot: (x: Float64Array, y: Float64Array) => number
  /** The Euclidean norm, safe from overflow and underflow; NaN and Infinity as `Vector.norm`. */
  readonly norm: (x: Float64Array) => number
  /** y += alpha x, element by element in increasing order (which shows where they overlap). Throws InvalidInput on different lengths. */
  readonly axpy: (alpha: number, x: Float64Array, y: Float64Array) => void
  /** x = c x - s y and y = s x + c y. Throws InvalidInput on different lengths and where x and y overlap. */
  readonly rotate: (c: number, s: number, x: Float64Array, y: Float64Array) => void
}

/** Below this length the plain loop is faster than a call with its copies. */
const small = 64

const turn: VectorKernels["rotate"] = (c, s, x, y) => {
  Check.length("Kernels.rotate", "y", y, x.length)
  for (let i = 0; i < x.length; i++) {
    const u = x[i]!
    const v = y[i]!
    x[i] = c * u - s * v
    y[i] = s * u + c * v
  }
}

const rotate: VectorKernels["rotate"] = (c, s, x, y) => {
  Check.apart("Kernels.rotate", "x and y", x, y)
  turn(c, s, x, y)
}

/** Plain loops; x and y of `rotate` must not overlap, which they do not check. */
export const plainLoops: VectorKernels = {
  dot: Vector.dot,
  norm: Vector.norm,
  axpy: Vector.axpy,
  rotate: turn,
}

export const vectorKernels = ({ exports: wasm, staging, arena }: Engine): VectorKernels => {
  if (wasm === undefined) return { dot: Vector.dot, norm: Vector.norm, axpy: Vector.axpy, rotate }
  return {
    dot: (x, y) => {
      const n = x.length
      if (n < small) return Vector.dot(x, y)
      Check.length("Kernels.dot", "y", y, n)
      if (arena.holds(x) && arena.holds(y)) return wasm.dot(n, x.byteOffset, y.byteOffset)
      try {
        return wasm.dot(n, staging.input(x), staging.input(y))
      } finally {
        staging.end()
      }
    },
    norm: (x) => {
      const n = x.length
      if (n < small) return Vector.norm(x)
      try {
        return wasm.norm(n, staging.input(x))
      } finally {
        staging.end()
      }
    },
    axpy: (alpha, x, y) => {
      const n = x.length
      if (n < small) return Vector.axpy(alpha, x, y)
      Check.length("Kernels.axpy", "y", y, n)
      if (!arena.holds(x) || !arena.holds(y)) return Vector.axpy(alpha, x, y)
      const [px, py] = [x.byteOffset, y.byteOffset]
      if (px < py && py < px + 32) return Vector.axpy(alpha, x, y)
      wasm.axpy(n, alpha, px, py)
    },
    rotate: (c, s, x, y) => {
      const n = x.length
      if (n < small || !arena.holds(x) || !arena.holds(y)) return rotate(c, s, x, y)
      Check.length("Kernels.rotate", "y", y, n)
      Check.apart("Kernels.rotate", "x and y", x, y)
      wasm.rotate(n, c, s, x.byteOffset, y.byteOffset)
    },
  }
}
