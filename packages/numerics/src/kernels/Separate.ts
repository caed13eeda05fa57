/** Outputs of plain loops that may overlap their inputs. */
import * as Check from "./Check.ts"
import type { Floats } from "./Staging.ts"

/**
 * V8 stores arrays of up to 64 bytes inside the object; accessing their `buffer` moves them out, which costs more than the
 * loops here. Outputs that small are therefore always copied, and only larger ones are tested for overlap.
 */
const tiny = 8
const tiny64 = new Float64Array(tiny)
const tiny32 = new Float32Array(tiny)

/** Output buffer that changes no input on the way: `y` itself, or a copy of its contents with at least its length. */
export const separate = (y: Floats, a: Floats, x: Floats): Floats => {
  if (y.length > tiny) return Check.overlap(y, a) || Check.overlap(y, x) ? y.slice() : y
  const to = y.BYTES_PER_ELEMENT === 8 ? tiny64 : tiny32
  for (let i = 0; i < y.length; i++) to[i] = y[i]!
  return to
}

/** Brings the result back. */
export const settle = (y: Floats, to: Floats): void => {
  if (to !== y) for (let i = 0; i < y.length; i++) y[i] = to[i]!
}
