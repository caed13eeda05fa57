/**
 * Where the randomness of a release comes from.
 *
 * A release takes the operating system's generator, or something whose type says `Unsafe`; a release with the latter says itself
 * that it protects nobody.
 */
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import { Context, Layer } from "effect"
import { randomFillSync } from "node:crypto"

declare const isCryptographic: unique symbol

/** The operating system's generator. There is one value of this type, `operatingSystem`. */
export interface Cryptographic {
  readonly _tag: "Cryptographic"
  readonly fill: (words: Uint32Array) => void
  readonly [isCryptographic]: true
}

/** Anything else: a fixed seed in a test, a generator of a user. Never for data that must stay private. */
export interface Unsafe {
  readonly _tag: "Unsafe"
  /** What it is, for the statement of the release. */
  readonly name: string
  readonly fill: (words: Uint32Array) => void
}

export type Source = Cryptographic | Unsafe

const make = (parts: Omit<Cryptographic, typeof isCryptographic>): Cryptographic =>
  // the symbol exists in the type alone, so that no other module can make one
  Object.freeze(parts) as Cryptographic

/** `crypto.randomFillSync` of node. */
export const operatingSystem: Cryptographic = make({
  _tag: "Cryptographic",
  fill: (words) => {
    randomFillSync(words)
  },
})

/** Repeatable words for tests: whoever knows the seed can subtract the noise. */
export const unsafe = (name: string, fill: (words: Uint32Array) => void): Unsafe => ({
  _tag: "Unsafe",
  name,
  fill,
})

/** The words of a stream, for audits, claims and experiments. */
export const unsafeStream = (name: string, stream: RandomStream.RandomStream): Unsafe =>
  unsafe(name, (words) => {
    for (let i = 0; i < words.length; i++) words[i] = stream.word()
  })

/** The source of a program; the operating system unless a test says otherwise. */
export class Entropy extends Context.Service<Entropy, Source>()("@nonconvex/dp-lowrank/Entropy") {
  static readonly layer = Layer.succeed(Entropy, operatingSystem)
}
