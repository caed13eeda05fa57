/** Floats as integers, for comparisons that no rounding touches. */

/** 1 in steps of 2^-1074. */
export const unit = 1n << 1074n

/** The magnitude of a float64 in steps of 2^-1074: every one is a multiple. */
export const magnitude = (x: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigUint64(0)
  const exponent = bits >> 52n
  const part = bits & ((1n << 52n) - 1n)
  return exponent === 0n ? part : (part | (1n << 52n)) << (exponent - 1n)
}
