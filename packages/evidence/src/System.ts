import type { Claim } from "./Claim.ts"
import type { Erratum } from "./Erratum.ts"
import type { Experiment } from "./Experiment.ts"
import type { AnyOperation } from "./Operation.ts"

export interface Paper {
  readonly title: string
  readonly authors: string
  readonly venue: string
  readonly year: number
  readonly arxiv: string
  /** Its question, in a sentence short enough for a list of papers. */
  readonly asks?: string
}

/** One paper, executable: what it claims, where it errs, its figures, and its long work on data of the user's own. */
export interface System {
  /** The package name without its scope. */
  readonly id: string
  readonly title: string
  readonly paper: Paper
  /** The package that holds it, and its version: what a job names it by. */
  readonly package: string
  readonly version: string
  readonly claims: ReadonlyArray<Claim>
  readonly errata: ReadonlyArray<Erratum>
  readonly experiments: ReadonlyArray<Experiment>
  readonly operations: ReadonlyArray<AnyOperation>
  /**
   * URL of the module that exports this very value as `system` (`import.meta.url`), from which a thread makes it again. Without it, or where the
   * module exports another value, work on it stays on the thread that has it.
   */
  readonly module?: string
}
