/** Exact values of a refuted statement or a violation, as lines of text. */
import { Exact } from "@nonconvex/evidence"
import type * as Verdict from "@nonconvex/evidence/Verdict"

type Refuted = Extract<Verdict.Verdict, { readonly _tag: "Refuted" }>

/** Exact values that confirm a violation, or do not; none where a claim has no exact values. */
export const ofViolation = ({
  exact,
}: Pick<Verdict.Counterexample, "exact">): ReadonlyArray<string> =>
  exact === undefined ? [] : [Exact.describe(exact)]

/** Exact refutation of a statement, with the calculation for pencil and paper. */
export const ofErratum = (exact: Refuted["exact"]): ReadonlyArray<string> => {
  if (exact === undefined) return ["in floating point"]
  if ("inFloatingPoint" in exact) return [`in floating point only: ${exact.inFloatingPoint}`]
  return [
    Exact.describe(exact),
    ...[exact.instance, ...exact.steps].map((line) => `  ${line}`),
    ...(exact.spared.length === 0
      ? []
      : [`  not refuted by the same calculation: ${exact.spared.join("; ")}`]),
  ]
}
