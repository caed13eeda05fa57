/**
 * Bytes as characters that are safe in HTML: 13 or 14 bits in two of 91 characters, a twelfth less than base64.
 *
 * The encoding is basE91 (Henke 2006) with another alphabet, without `<`, `&` and quotes.
 */
const letters = Array.from({ length: 94 }, (_, k) => String.fromCharCode(33 + k))
  .filter((letter) => !/[<&"]/.test(letter))
  .join("")

const base = letters.length

const codes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))

/** Values below this let two characters hold one more bit. */
const spare = base * base - 8192

/** Encodes bytes after their count, because the last characters may have room for one more. */
export const encode = (bytes: Uint8Array): string => {
  const text = new Uint8Array(2 * Math.ceil((8 * bytes.length) / 13))
  let [held, bits, length] = [0, 0, 0]
  const put = (value: number) => {
    text[length++] = codes[value % base]!
    text[length++] = codes[Math.floor(value / base)]!
  }
  for (const byte of bytes) {
    held |= byte << bits
    bits += 8
    if (bits <= 13) continue
    const taken = (held & 8191) < spare ? 14 : 13
    put(held & ((1 << taken) - 1))
    held >>>= taken
    bits -= taken
  }
  if (bits > 0) put(held)
  return `${bytes.length} ${new TextDecoder().decode(text.subarray(0, length))}`
}

/** Decodes the bytes; space around the characters is ignored. */
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
