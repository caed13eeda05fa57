/**
 * Where the randomness of a release comes from.
 *
 * A release takes the operating system's generator, or something whose type says `Unsafe`; a release with the latter says itself
 * that it protects nobody.
 */
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Context from "effect/Context"
import type { Cryptographic } from "./Cryptographic.ts"

/** Anything else: a fixed seed in a test, a generator of a user. Never for data that must stay private. */
interface Unsafe {
  readonly _tag: "Unsafe"
  /** What it is, for the statement of the release. */
  readonly name: string
  readonly fill: (words: Uint32Array) => void
}

/** What a release draws its noise from. */
export type Source = Cryptographic | Unsafe

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

/** The randomness of a program; `operatingSystem` of `@nonconvex/dp-lowrank/node`, but for tests. */
export class Entropy extends Context.Service<Entropy, Source>()("@nonconvex/dp-lowrank/Entropy") {}
