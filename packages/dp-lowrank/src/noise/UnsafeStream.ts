import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Entropy from "./Entropy.ts"

/** The words of a stream, for audits, claims and experiments. */
export const unsafeStream = (name: string, stream: RandomStream.RandomStream): Entropy.Source =>
  Entropy.unsafe(name, (words) => {
    for (let i = 0; i < words.length; i++) words[i] = stream.word()
  })
