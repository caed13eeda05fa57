/** The arrays of several runs as one, run after run, as the module takes them. */

/** Numbers up to which there are arrays that stay. */
const few = 64

const staying: Array<Float64Array | undefined> = []

/**
 * An array of `length` for the time of a call, which calls nothing back. Where few numbers are asked for it stays from call to call: V8 moves a small array out of its heap
 * when the module first looks at it, which takes longer than to copy it.
 */
const roomFor = (length: number): Float64Array =>
  length > few ? new Float64Array(length) : (staying[length] ??= new Float64Array(length))

/** The arrays one after the other; undefined where one of them is not so long. */
export const joined = (
  arrays: ReadonlyArray<Float64Array | undefined>,
  length: number,
  all: Float64Array = new Float64Array(arrays.length * length),
): Float64Array | undefined => {
  for (let k = 0; k < arrays.length; k++) {
    const array = arrays[k]
    if (array?.length !== length) return undefined
    for (let i = 0; i < length; i++) all[k * length + i] = array[i]!
  }
  return all
}

/** The arrays as one, run after run, without a copy where they already lie so. */
export const inRow = <Numbers extends Float64Array | Uint32Array>(
  arrays: ReadonlyArray<Numbers>,
  make: {
    new (length: number): Numbers
    new (of: ArrayBufferLike, at: number, length: number): Numbers
  },
): Numbers => {
  const [first] = arrays as [Numbers, ...Array<Numbers>]
  const { buffer, byteLength, byteOffset, length } = first
  const all = arrays.length * length
  if (arrays.every((x, r) => x.buffer === buffer && x.byteOffset === byteOffset + r * byteLength))
    return new make(buffer, byteOffset, all)
  const copy = new make(all)
  for (const [r, array] of arrays.entries()) copy.set(array, r * length)
  return copy
}

/** Brings them back. */
const apart = (all: Float64Array, arrays: ReadonlyArray<Float64Array>, length: number): void => {
  for (let k = 0; k < arrays.length; k++) {
    const array = arrays[k]!
    for (let i = 0; i < length; i++) array[i] = all[k * length + i]!
  }
}

/**
 * Calls with points of all runs, each of `length` numbers, and brings them back: a single one of many numbers is used in place. Null where they are not so long, or the call refuses.
 */
export const onPoints = (
  points: ReadonlyArray<Float64Array>,
  length: number,
  call: (all: Float64Array) => number | null,
): number | null => {
  if (points.length === 1 && length > few)
    return points[0]!.length === length ? call(points[0]!) : null
  const all = joined(points, length, roomFor(points.length * length))
  const taken = all === undefined ? null : call(all)
  if (taken !== null) apart(all!, points, length)
  return taken
}
