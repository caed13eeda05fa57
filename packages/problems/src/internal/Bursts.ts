/**
 * Which steps can be many in one call of a kernel. What is known is known of a function, and not of the object that has it: whoever puts another function in its place
 * gets plain steps.
 */
import type { MonotoneSet } from "@nonconvex/numerics/Kernels"
import type { BilinearForm } from "../BilinearGame.ts"
import type { FeasibleSet } from "../FeasibleSet.ts"
import type { Game } from "../Game.ts"
import type { Objective } from "../Objective.ts"
import type { QuadraticForm } from "../QuadraticForm.ts"

/** What is known of functions of one kind. */
const notes = <Key extends object, Known>() => {
  const known = new WeakMap<Key, Known>()
  return {
    of: (key: Key): Known | undefined => known.get(key),
    note: <Noted extends Key>(key: Noted, what: Known): Noted => {
      known.set(key, what)
      return key
    },
  }
}

/** Quadratics whose gradients are products of a kernel. */
export const quadratics = notes<Objective["valueAndGradient"], QuadraticForm>()

/** Sets that a kernel projects onto. */
export const sets = notes<FeasibleSet["project"], MonotoneSet>()

/** The same sets, by their support functions. */
export const supports = notes<FeasibleSet["support"], MonotoneSet>()

export const games = notes<Game["operator"], BilinearForm>()
