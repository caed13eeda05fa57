import type { Catalogue } from "@nonconvex/problems/Operation"
import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import type { Experiment } from "./Experiment.ts"
import type { Paper } from "./Paper.ts"

/** A system, or the operations of a package that has none. */
export type Home = System | Catalogue

/** Version of what the runs of a system depend on. */
export interface CodeVersion {
  /** SHA-256 when the program began. */
  readonly begun: string
  /** The same for the current files. */
  readonly now: () => string
}

/** One paper in executable form: its claims, errata, figures, and long computations on the user's own data. */
export interface System extends Catalogue {
  readonly title: string
  readonly paper: Paper
  readonly claims: ReadonlyArray<Claim>
  readonly errata: ReadonlyArray<Erratum>
  readonly experiments: ReadonlyArray<Experiment>
  /** Version of a system whose code is no module; otherwise `module` tells it. */
  readonly code?: CodeVersion
}

const none = { claims: [], errata: [], experiments: [] } as const

/** Claims, errata and experiments of a system; empty for a package with operations only. */
export const evidenceOf = (home: Home): Pick<System, "claims" | "errata" | "experiments"> =>
  "claims" in home ? home : none
