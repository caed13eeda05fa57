// What can be played with, in the order of the papers.
import { catapult } from "./catapult.ts"
import { covariance } from "./covariance.ts"
import { floors } from "./floors.ts"
import { machines } from "./machines.ts"
import { drift, flattest, normalisation } from "./planes.ts"
import { repulsion } from "./repulsion.ts"
import { table } from "./table.ts"
import type { Toy } from "./Toy.ts"

export const toys: ReadonlyArray<Toy> = [
  normalisation,
  drift,
  floors,
  flattest,
  table,
  repulsion,
  covariance,
  machines,
  catapult,
]
