/**
 * Tree of seeds addressed by labels, so that a new consumer of randomness never changes the numbers of another.
 *
 * `Seed.root(42).child("labels").child(3)` depends only on its path, not on the order of calls. It has 128 bits, mixed by
 * MurmurHash3_x86_128 (Austin Appleby, public domain) with the parent's four words as the initial state. The four-word
 * initial state and the encoding of labels are our own. Not for secrets.
 */
import { invalid } from "./InvalidInput.ts"

/** A node of the seed tree. */
export interface Seed {
  /** The 128 bits, as four unsigned 32-bit words. */
  readonly words: readonly [number, number, number, number]
  /** The labels from the root on, for messages and provenance. */
  readonly path: ReadonlyArray<string | number>
  /** The child under `label`; a number and its decimal string are different labels. Throws InvalidInput on NaN. */
  child(label: string | number): Seed
}

const rotate = (x: number, r: number): number => (x << r) | (x >>> (32 - r))

const avalanche = (x: number): number => {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Buffer for the bits of a number. */
const bits = new DataView(new ArrayBuffer(8))

/**
 * Little-endian 32-bit words, padded with zeros to whole blocks of four. Word 0 is the kind (1 number, 2 string), word 1 the
 * length in units. Next come the two halves of the IEEE bits (-0 counts as 0), or two UTF-16 units per word.
 */
const encode = (label: string | number): ReadonlyArray<number> => {
  if (typeof label === "number") {
    if (label !== label) invalid("Seed.child", "a label must not be NaN", { label })
    bits.setFloat64(0, label === 0 ? 0 : label, true)
    return [1, 2, bits.getInt32(0, true), bits.getInt32(4, true)]
  }
  const words = [2, label.length]
  for (let i = 0; i < label.length; i += 2) {
    // beyond the end there is NaN, which is 0 among integers
    words.push(label.charCodeAt(i) | (label.charCodeAt(i + 1) << 16))
  }
  while (words.length % 4 !== 0) words.push(0)
  return words
}

const mix = (parent: Seed["words"], label: string | number): Seed["words"] => {
  const data = encode(label)
  let [h1, h2, h3, h4] = parent
  for (let i = 0; i < data.length; i += 4) {
    h1 ^= Math.imul(rotate(Math.imul(data[i]!, 0x239b961b), 15), 0xab0e9789)
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0
    h2 ^= Math.imul(rotate(Math.imul(data[i + 1]!, 0xab0e9789), 16), 0x38b34ae5)
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0
    h3 ^= Math.imul(rotate(Math.imul(data[i + 2]!, 0x38b34ae5), 17), 0xa1e38b93)
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0
    h4 ^= Math.imul(rotate(Math.imul(data[i + 3]!, 0xa1e38b93), 18), 0x239b961b)
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0
  }
  const bytes = 4 * data.length
  h1 = ((h1 ^ bytes) + (h2 ^ bytes) + (h3 ^ bytes) + (h4 ^ bytes)) | 0
  h2 = ((h2 ^ bytes) + h1) | 0
  h3 = ((h3 ^ bytes) + h1) | 0
  h4 = ((h4 ^ bytes) + h1) | 0
  h1 = avalanche(h1)
  h2 = avalanche(h2)
  h3 = avalanche(h3)
  h4 = avalanche(h4)
  h1 = (h1 + h2 + h3 + h4) | 0
  return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0]
}

const node = (words: Seed["words"], path: ReadonlyArray<string | number>): Seed => ({
  words,
  path,
  child: (label) => node(mix(words, label), [...path, label]),
})

/**
 * The root of a tree; any number but NaN, or any string. Throws InvalidInput on NaN.
 *
 * @example
 * ```ts import.meta.vitest
 * import * as Seed from "@nonconvex/numerics/Seed"
 *
 * const seed = Seed.root(42).child("labels").child(3)
 * seed.path // => [42, "labels", 3]
 * ```
 */
export const root = (value: number | string): Seed => node(mix([0, 0, 0, 0], value), [value])
