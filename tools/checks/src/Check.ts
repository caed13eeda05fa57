/** A check: a rule of the house that a program can decide. */

export type Outcome =
  /** `warning` names what a reader should look at, and fails nothing. */
  | { readonly status: "passed"; readonly warning?: string }
  /** `output` names every place that breaks the rule, and what to do about it. */
  | { readonly status: "failed"; readonly output: string }
  /** The tool is not installed on this machine; `output` says which, and what covers for it. */
  | { readonly status: "absent"; readonly output: string }

export interface Check {
  readonly name: string
  /** The rule, in one sentence. */
  readonly rule: string
  /** Names of the checks whose outputs this one reads. */
  readonly after?: ReadonlyArray<string>
  /** Decides the rule for the workspace at `root`. */
  readonly run: (root: string) => Promise<Outcome>
}

const passed: Outcome = { status: "passed" }

export const failed = (output: string): Outcome => ({ status: "failed", output })

/** Passed with a warning of one finding a line, or with none. */
export const fromWarnings = (findings: ReadonlyArray<string>): Outcome =>
  findings.length === 0 ? passed : { status: "passed", warning: findings.join("\n") }

/** Passed where there is nothing to say, else failed with one finding a line. */
export const fromFindings = (findings: ReadonlyArray<string>): Outcome =>
  findings.length === 0 ? passed : failed(findings.join("\n"))
