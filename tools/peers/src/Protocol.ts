/** What the process that measures and the process that works say to each other: one JSON object a line. */
import type { Case, Parameters, Threads } from "./Workload.ts"

/** The first line of a worker. */
export interface Ready {
  readonly implementations: ReadonlyArray<{
    readonly name: string
    readonly own: boolean
    /** With how many threads it is measured; both where it does as it is told. */
    readonly threads?: Threads
  }>
  readonly missing: Readonly<Record<string, string>>
  readonly versions: Readonly<Record<string, string>>
  /** Only ours know the cases. */
  readonly cases?: ReadonlyArray<Case>
}

export type Request =
  | {
      readonly kind: "prepare"
      readonly implementation: string
      readonly parameters: Parameters
    }
  /** Time the prepared work, for at least `least` seconds. */
  | { readonly kind: "time"; readonly implementation: string; readonly least: number }

export type Prepared =
  | { readonly applies: false }
  | { readonly applies: true; readonly values: ReadonlyArray<number> }

export interface Timed {
  /** Of one run. */
  readonly seconds: number
}
