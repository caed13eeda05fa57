/** The randomness of a program on node. */
import { Layer } from "effect"
import { Entropy } from "../noise/Entropy.ts"
import { operatingSystem } from "../noise/OperatingSystem.ts"

/** The randomness of a program, from the operating system. */
export const layer: Layer.Layer<Entropy> = Layer.succeed(Entropy, operatingSystem)
