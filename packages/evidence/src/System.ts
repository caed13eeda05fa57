import type { Catalogue } from "@nonconvex/problems/Operation"
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import type { Experiment } from "./Experiment.ts"
import type { Paper } from "./Paper.ts"

/** A system, or the operations of a package that has none. */
export type Home = System | Catalogue

/** One paper, executable: its claims, its errata, its figures, and its long work on data of the user's own. */
export interface System extends Catalogue {
  readonly title: string
  readonly paper: Paper
  readonly claims: ReadonlyArray<Claim>
  readonly errata: ReadonlyArray<Erratum>
  readonly experiments: ReadonlyArray<Experiment>
}

const none = { claims: [], errata: [], experiments: [] } as const

/** The claims, errata and experiments of a system; none where a package has operations alone. */
export const evidenceOf = (home: Home): Pick<System, "claims" | "errata" | "experiments"> =>
  "claims" in home ? home : none
