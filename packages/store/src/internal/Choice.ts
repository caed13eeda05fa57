import type { Kind } from "@nonconvex/runner/RunKey"
import type { KeptRun } from "../Runs.ts"

/** Selection of runs; every given condition must fit. */
export interface Choice {
  readonly kind?: Kind
  /** The id of the experiment or the statement. */
  readonly subject?: string
  readonly ids?: ReadonlyArray<string>
  /** The id of a sweep. */
  readonly sweep?: string
  readonly status?: KeptRun["status"]
  /** Page of the latest matches: `count` of them after `skip`. */
  readonly latest?: { readonly skip: number; readonly count: number }
}
