// What can be played with, in the order of the papers.
import { catapult } from "./catapult.ts"
import { covariance } from "./covariance.ts"
import { machines } from "./machines.ts"
import { drift, flattest, normalisation } from "./planes.ts"
import { repulsion } from "./repulsion.ts"
import type { Toy } from "./Toy.ts"

export const toys: ReadonlyArray<Toy> = [
  normalisation,
  drift,
  flattest,
  repulsion,
  covariance,
  machines,
  catapult,
]
