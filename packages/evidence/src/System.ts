import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import type { Experiment } from "./Experiment.ts"

export interface Paper {
  readonly title: string
  readonly authors: string
  readonly venue: string
  readonly year: number
  readonly arxiv: string
}

/** One paper, executable: what it claims, where it errs, and its figures. All that the lab knows of a system. */
export interface System {
  /** The package name without its scope. */
  readonly id: string
  readonly title: string
  readonly paper: Paper
  readonly claims: ReadonlyArray<Claim>
  readonly errata: ReadonlyArray<Erratum>
  readonly experiments: ReadonlyArray<Experiment>
  /** URL of the module that exports this value as `system` (`import.meta.url`): other threads import it from there. */
  readonly module: string
}
