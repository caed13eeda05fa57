/** Writer of arrays in the format of NumPy. */
import type { Npy } from "./NpyArray.ts"

/** First bytes of each file. */
export const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** Bytes of an array, version 1.0, in which the last index runs fastest: numbers as `<f8`, texts as `<U`; the inverse of `decode`. */
export const encode = ({ data, shape }: Omit<Npy, "dtype">): Uint8Array => {
  const points = data._tag === "Texts" ? data.values.map((text) => Array.from(text)) : []
  const longest = points.reduce((length, each) => Math.max(length, each.length), 1)
  const [descr, size] = data._tag === "Numbers" ? ["<f8", 8] : [`<U${longest}`, 4 * longest]
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(", ")
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`
  // data begin at a multiple of 64
  const start = Math.ceil((header.length + 11) / 64) * 64
  const bytes = new Uint8Array(start + data.values.length * size)
  const view = new DataView(bytes.buffer)
  bytes.set([...magic, 1, 0])
  view.setUint16(8, start - 10, true)
  bytes.set(new TextEncoder().encode(`${header.padEnd(start - 11)}\n`), 10)
  if (data._tag === "Numbers") {
    data.values.forEach((value, k) => view.setFloat64(start + 8 * k, value, true))
  }
  points.forEach((each, k) => {
    each.forEach((character, at) =>
      view.setUint32(start + k * size + 4 * at, character.codePointAt(0)!, true),
    )
  })
  return bytes
}
