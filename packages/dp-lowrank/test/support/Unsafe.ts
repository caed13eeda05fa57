/** A repeatable source for tests. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Entropy } from "../../src/index.ts"

export const seeded = (seed: number): Entropy.Source =>
  Entropy.unsafeStream(`the seed ${seed}`, RandomStream.make(Seed.root(seed)))
