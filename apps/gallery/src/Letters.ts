/**
 * Bytes as letters that HTML takes for nothing else: 13 or 14 bits in two of 91, which is a twelfth less than base64.
 *
 * The coding is that of basE91 (Henke 2006), with letters of its own: neither `<`, nor `&`, nor a quote.
 */
const letters = Array.from({ length: 94 }, (_, k) => String.fromCharCode(33 + k))
  .filter((letter) => !/[<&"]/.test(letter))
  .join("")

const base = letters.length

/** Below this two letters hold a bit more. */
const spare = base * base - 8192

/**
 * The letters of some bytes, behind their number: the last letters may have room for one more.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Letters } from "@nonconvex/gallery"
 *
 * Letters.encode(Uint8Array.of(0)) // => "1 !!"
 * ```
 */
export const encode = (bytes: Uint8Array): string => {
  const pairs: Array<string> = []
  let [held, bits] = [0, 0]
  const put = () => {
    let [value, taken] = [held & 8191, 13]
    if (value < spare) [value, taken] = [held & 16383, 14]
    pairs.push(letters[value % base]! + letters[Math.floor(value / base)]!)
    held >>>= taken
    bits -= taken
  }
  for (const byte of bytes) {
    held |= byte << bits
    bits += 8
    if (bits > 13) put()
  }
  if (bits > 0) pairs.push(letters[held % base]! + letters[Math.floor(held / base)]!)
  return `${bytes.length} ${pairs.join("")}`
}

/**
 * The bytes that were encoded; space around the letters is passed over.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Letters } from "@nonconvex/gallery"
 *
 * Array.from(Letters.decode(Letters.encode(Uint8Array.of(1, 2, 255)))) // => [1, 2, 255]
 * ```
 */
export const decode = (encoded: string): Uint8Array<ArrayBuffer> => {
  const [count = "", text = ""] = encoded.trim().split(" ", 2)
  const values = new Int16Array(128).fill(-1)
  for (let k = 0; k < base; k++) values[letters.charCodeAt(k)] = k
  const bytes = new Uint8Array(Math.floor((text.length * 7) / 8) + 1)
  let [held, bits, length, low] = [0, 0, 0, -1]
  for (let at = 0; at < text.length; at++) {
    const value = values[text.charCodeAt(at)] ?? -1
    if (value < 0) continue
    if (low < 0) {
      low = value
      continue
    }
    const pair = low + base * value
    held |= pair << bits
    bits += (pair & 8191) < spare ? 14 : 13
    low = -1
    for (; bits > 7; bits -= 8) {
      bytes[length++] = held & 255
      held >>>= 8
    }
  }
  return bytes.slice(0, Math.min(length, Number(count) || 0))
}
