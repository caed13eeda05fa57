import type { Kind } from "@nonconvex/runner/RunKey"
import type { KeptRun } from "../Runs.ts"

/** Selection of runs that satisfy every given condition. */
export interface Selection {
  readonly kind?: Kind
  /** The id of the experiment or the statement. */
  readonly subject?: string
  /** The same, or what follows its system: `optim-sam/valley` or `valley`. */
  readonly name?: string
  readonly ids?: ReadonlyArray<string>
  /** The id of a sweep, or its beginning in hexadecimal digits. */
  readonly sweep?: string
  readonly status?: KeptRun["status"]
  /** Page of the latest matches: `count` of them after `skip`. */
  readonly latest?: { readonly skip: number; readonly count: number }
}
