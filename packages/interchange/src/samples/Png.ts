/** Untrusted PNG pictures: their sizes are checked, and their data unpacked within those, before anything is decoded. */
import { messageOf } from "@nonconvex/datasets/LibraryMessage"
import { Result } from "effect"
import { decode as decodePng } from "fast-png"
import { inflateSync } from "node:zlib"

/** Pixels row by row, channels last, from 0 to 1, without transparency. */
export interface Picture {
  readonly height: number
  readonly width: number
  readonly channels: 1 | 3
  readonly values: Float64Array
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Maximum number of pixels along a side, and of values in a picture. */
const most = { side: 4096, numbers: 2 ** 24 }
/** Numbers per pixel by colour type. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * Requires that the data of an image unpack to at most their expected size. That size includes one byte more per row, and some
 * more rows if the image is interlaced.
 */
const requireData = (bytes: Uint8Array, size: number): string | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const parts: Array<Uint8Array> = []
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    if (at + 12 + length > bytes.length) return "it is truncated"
    if (view.getUint32(at + 4) === 0x49444154) parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  try {
    inflateSync(Buffer.concat(parts), { maxOutputLength: size })
    return undefined
  } catch {
    return "its data are damaged, or more than its size"
  }
}

/** Decodes a picture; the error says why it is not supported. */
export const decode = (bytes: Uint8Array): Result.Result<Picture, string> => {
  if (!signature.every((byte, k) => bytes[k] === byte) || bytes.length < 33)
    return Result.fail("it is not a PNG")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [view.getUint32(16), view.getUint32(20)]
  const [depth, colour] = [bytes[24]!, bytes[25]!]
  const planes = channelsOf[colour]
  if (planes === undefined || (depth !== 8 && depth !== 16)) {
    return Result.fail(`it has ${depth} bits of colour type ${colour}, which is not supported`)
  }
  const numbers = width * height * planes
  if (Math.max(width, height) > most.side || numbers > most.numbers || numbers === 0) {
    return Result.fail(`it is ${height} x ${width} pixels; the limit is ${most.side} per side`)
  }
  const wrong = requireData(bytes, numbers * (depth / 8) + 16 * height + 1024)
  if (wrong !== undefined) return Result.fail(wrong)
  try {
    const { data, palette } = decodePng(bytes, { checkCrc: true })
    const channels = colour === 2 || colour === 3 || colour === 6 ? 3 : 1
    const largest = depth === 16 ? 65_535 : 255
    const values = new Float64Array(width * height * channels)
    for (let k = 0; k < width * height; k++) {
      for (let c = 0; c < channels; c++) {
        const value = palette === undefined ? data[k * planes + c] : palette[data[k]!]?.[c]
        values[k * channels + c] = value! / largest
      }
    }
    return values.some(Number.isNaN)
      ? Result.fail("it has fewer pixels than its stated size")
      : Result.succeed({ height, width, channels, values })
  } catch (error) {
    return Result.fail(`it is damaged (${messageOf(error)})`)
  }
}
