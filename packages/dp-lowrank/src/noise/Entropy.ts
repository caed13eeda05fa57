/**
 * Source of the randomness of a release.
 *
 * A release takes the operating system's generator, or a source of type `Unsafe`. A release from the latter states that it
 * protects no one.
 */
import * as Context from "effect/Context"
import type { Cryptographic } from "./Cryptographic.ts"

/** Anything else: a fixed seed in a test, a generator of a user. Never for data that must stay private. */
interface Unsafe {
  readonly _tag: "Unsafe"
  /** Name of the source, for the statement of the release. */
  readonly name: string
  readonly fill: (words: Uint32Array) => void
}

/** Source of the noise of a release. */
export type Source = Cryptographic | Unsafe

/** Reproducible words for tests: anyone with the seed can subtract the noise. */
export const unsafe = (name: string, fill: (words: Uint32Array) => void): Unsafe => ({
  _tag: "Unsafe",
  name,
  fill,
})

/** Randomness of a program; outside tests, `operatingSystem` of `@nonconvex/dp-lowrank/node`. */
export class Entropy extends Context.Service<Entropy, Source>()("@nonconvex/dp-lowrank/Entropy") {}
