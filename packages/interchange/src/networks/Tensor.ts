/** Named arrays of weights, always in double precision. */
import { quote } from "@nonconvex/datasets/Quote"
import { BadModel } from "./ModelError.ts"

/** A tensor, row-major. */
export interface Tensor {
  readonly name: string
  readonly shape: ReadonlyArray<number>
  readonly values: Float64Array
}

/** Tensors by name. */
export type Tensors = ReadonlyMap<string, Tensor>

/** Limits of a file of weights: half a gigabyte, and as many numbers as take that much memory in double precision. */
export const most = { bytes: 2 ** 29, elements: 2 ** 26, tensors: 2 ** 14, dimensions: 8 }

/** Bytes per number by type, with safetensors' names. */
export const sizes = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const
export type Dtype = keyof typeof sizes

export const isDtype = (name: string): name is Dtype => Object.hasOwn(sizes, name)

/** Value of 16 bits in IEEE 754 format. */
const half = (bits: number): number => {
  const sign = bits >> 15 === 0 ? 1 : -1
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  if (exponent === 0) return (sign * fraction) / 16_777_216
  // exact: a power of two within 25 bits either way
  const power = exponent >= 25 ? 1 << (exponent - 25) : 1 / (1 << (25 - exponent))
  return sign * (1024 + fraction) * power
}

/** Decodes little-endian numbers. `bytes` holds an integral number of them. */
export const numbersOf = (bytes: Uint8Array, dtype: Dtype): Float64Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new Float64Array(bytes.length / sizes[dtype])
  const word = new DataView(new ArrayBuffer(4))
  for (let i = 0; i < out.length; i++) {
    switch (dtype) {
      case "F64":
        out[i] = view.getFloat64(8 * i, true)
        break
      case "F32":
        out[i] = view.getFloat32(4 * i, true)
        break
      case "F16":
        out[i] = half(view.getUint16(2 * i, true))
        break
      case "BF16":
        // the upper half of a float32
        word.setUint32(0, view.getUint16(2 * i, true) * 65_536)
        out[i] = word.getFloat32(0)
        break
    }
  }
  return out
}

/** Number of elements of a shape, checked before memory is allocated. Throws BadModel above the limits. */
export const countOf = (path: string, name: string, shape: ReadonlyArray<number>): number => {
  const refuse = (reason: string): never => {
    throw new BadModel({
      path,
      place: `tensor ${quote(name)}`,
      reason,
      remedy: "check that it is the intended file",
    })
  }
  if (shape.length > most.dimensions) {
    refuse(`it has ${shape.length} dimensions; the limit is ${most.dimensions}`)
  }
  let count = 1
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) refuse(`a size of ${size} is not valid`)
    count *= size
    if (count > most.elements) {
      refuse(
        `its shape ${shape.slice(0, most.dimensions).join(" x ")} has more than ${most.elements} numbers`,
      )
    }
  }
  return count
}

/** Throws BadModel if a tensor has a number that is not finite. */
export const requireFinite = (path: string, { name, values }: Tensor): void => {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new BadModel({
    path,
    place: `tensor ${quote(name)}`,
    reason: `element ${at} is ${values[at]}`,
    remedy: "a diverged network has no finite curvature: use an earlier checkpoint",
  })
}
