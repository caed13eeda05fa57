/** A repeatable source for tests. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import type { Entropy } from "../../src/index.ts"
import { unsafeStream } from "../../src/noise/UnsafeStream.ts"

export const seeded = (seed: number): Entropy.Source =>
  unsafeStream(`the seed ${seed}`, RandomStream.make(Seed.root(seed)))
