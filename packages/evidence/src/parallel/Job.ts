import type { Schema } from "effect"
import type { Attempt, Search } from "../Attempt.ts"
import type { Row } from "../Experiment.ts"

/** What a worker thread is asked to do. `module` is the URL of a module that exports a `System` as `system`. */
export type Job =
  | {
      readonly _tag: "SearchClaim"
      readonly module: string
      readonly id: string
      readonly control: string | undefined
      readonly search: Search
    }
  | {
      readonly _tag: "SearchErratum"
      readonly module: string
      readonly id: string
      readonly search: Search
    }
  | {
      readonly _tag: "RunExperiment"
      readonly module: string
      readonly id: string
      readonly config: Schema.Json
      readonly seed: number
    }

/** What a worker thread answers: any number of `Runs` or `Row`, then one of the others. */
export type Reply =
  | { readonly _tag: "Runs"; readonly runs: number; readonly worst: number }
  | { readonly _tag: "Row"; readonly row: Row }
  | { readonly _tag: "Found"; readonly attempt: Attempt }
  | { readonly _tag: "Finished"; readonly seconds: number }
  | { readonly _tag: "Failed"; readonly message: string }
