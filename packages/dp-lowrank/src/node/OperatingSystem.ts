/** The generator of the operating system, by node. */
import { Layer } from "effect"
import { randomFillSync } from "node:crypto"
import { type Cryptographic, cryptographic } from "../noise/Cryptographic.ts"
import { Entropy } from "../noise/Entropy.ts"

/** `crypto.randomFillSync` of node: the source of every release that protects somebody. */
export const operatingSystem: Cryptographic = cryptographic((words) => {
  randomFillSync(words)
})

/** The randomness of a program, from the operating system. */
export const layer: Layer.Layer<Entropy> = Layer.succeed(Entropy, operatingSystem)
