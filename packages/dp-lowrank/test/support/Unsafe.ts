/** A repeatable source for tests. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import { Entropy } from "../../src/index.ts"

export const seeded = (seed: number): Entropy.Unsafe => {
  const stream = RandomStream.make(Seed.root(seed))
  return Entropy.unsafe(`the seed ${seed}`, (words) => {
    for (let i = 0; i < words.length; i++) words[i] = stream.word() >>> 0
  })
}
