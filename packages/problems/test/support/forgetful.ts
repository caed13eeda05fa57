/** Runs that cannot be resumed, each for a reason of its own. */
import { RandomStream, Seed } from "@nonconvex/numerics"
import type { Case } from "@nonconvex/problems/Resumption"

export const cases: ReadonlyArray<Case> = [
  {
    name: "a counter in a closure",
    begin: () => {
      const state = { total: 0 }
      let taken = 0
      return { state, step: () => (state.total += ++taken) }
    },
  },
  {
    name: "a stream in an object with functions",
    begin: () => {
      const stream = RandomStream.make(Seed.root(1))
      const state = { last: 0, noise: { stream, draw: () => stream.normal() } }
      return { state, step: () => void (state.last = state.noise.draw()) }
    },
  },
  {
    name: "a returned value that depends on the past",
    begin: () => {
      let past = 0
      return { state: {}, step: () => past++ }
    },
  },
  {
    name: "all in the state",
    begin: () => {
      const state = { stream: RandomStream.make(Seed.root(1)), sum: -0 }
      return { state, step: () => (state.sum += state.stream.normal()) }
    },
  },
]
