/** Checks shared by the kernels: dimensions and lengths. */
import { invalid } from "../InvalidInput.ts"
import type { Floats } from "./Staging.ts"

/** Requires integers of at least 0; `n` and `k` where there are such. */
export const dimensions = (operation: string, m: number, n = 0, k = 0): void => {
  // The products of valid dimensions stay below 2^31 in kernel memory; `| 0` finds fractions, negative numbers and NaN at once.
  if ((m | 0) !== m || (n | 0) !== n || (k | 0) !== k || m < 0 || n < 0 || k < 0) {
    invalid(operation, "dimensions must be integers of at least 0", { m, n, k })
  }
}

/** Requires that every index is below `count`; `of` names the indexed items in errors. A loop without iterators: runs have many thousands. */
export const indices = (operation: string, array: Uint32Array, count: number, of: string): void => {
  for (let place = 0; place < array.length; place++) {
    const index = array[place]!
    if (index >= count)
      invalid(operation, `every index must be within the ${of}`, { place, index, [of]: count })
  }
}

/** Requires exactly `expected` elements. */
export const length = (
  operation: string,
  name: string,
  array: ArrayLike<number>,
  expected: number,
) => {
  if (array.length !== expected) {
    invalid(operation, `${name} must have ${expected} elements`, {
      [`${name}.length`]: array.length,
    })
  }
}

/** Requires arrays of one element type. */
export const sameType = (operation: string, a: Floats, b: Floats, c: Floats): void => {
  const size = a.BYTES_PER_ELEMENT
  if (b.BYTES_PER_ELEMENT !== size || c.BYTES_PER_ELEMENT !== size) {
    invalid(operation, "all arrays must have the same element type; sizes in bytes", {
      first: size,
      second: b.BYTES_PER_ELEMENT,
      third: c.BYTES_PER_ELEMENT,
    })
  }
}

/** Tests whether two arrays share bytes. */
export const overlap = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  (a === b && a.byteLength > 0) ||
  (a.byteOffset < b.byteOffset + b.byteLength &&
    b.byteOffset < a.byteOffset + a.byteLength &&
    a.buffer === b.buffer)

/** Requires an output that shares no bytes with an input. */
export const apart = (
  operation: string,
  names: string,
  output: ArrayBufferView,
  input: ArrayBufferView,
): void => {
  if (overlap(output, input)) {
    invalid(operation, `${names} must not overlap`, {
      firstByte: output.byteOffset,
      otherFirstByte: input.byteOffset,
      bytes: output.byteLength,
    })
  }
}

/** Requires that an output of an elementwise function is its input, or shares no bytes with it. */
export const elementwise = (
  operation: string,
  names: string,
  output: ArrayBufferView,
  input: ArrayBufferView,
): void => {
  if (output !== input && output.byteOffset !== input.byteOffset) {
    apart(operation, names, output, input)
  }
}

/** The arguments of gemv. */
export const gemv = (
  transpose: boolean,
  m: number,
  n: number,
  a: Floats,
  x: Floats,
  y: Floats,
): void => {
  dimensions("Kernels.gemv", m, n)
  length("Kernels.gemv", "a", a, m * n)
  length("Kernels.gemv", "x", x, transpose ? m : n)
  length("Kernels.gemv", "y", y, transpose ? n : m)
  sameType("Kernels.gemv", a, x, y)
}

/** The arguments of gemm. */
export const gemm = (m: number, n: number, k: number, a: Floats, b: Floats, c: Floats): void => {
  dimensions("Kernels.gemm", m, n, k)
  length("Kernels.gemm", "a", a, m * k)
  length("Kernels.gemm", "b", b, k * n)
  length("Kernels.gemm", "c", c, m * n)
  sameType("Kernels.gemm", a, b, c)
}

/** The arguments of syrk. */
export const syrk = (n: number, k: number, a: Floats, c: Floats): void => {
  dimensions("Kernels.syrk", n, k)
  length("Kernels.syrk", "a", a, n * k)
  length("Kernels.syrk", "c", c, n * n)
  apart("Kernels.syrk", "a and c", c, a)
}
