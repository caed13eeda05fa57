/** Reasons why a violation of a claim is confirmed by no exact values, for claims without `exactly`. */
import { Schema } from "effect"

/** Reasons in words, for tables and verdicts. */
export const reasons = {
  bits: "integers or float64 numbers are compared without rounding, so a violation is exact as found",
  agreement:
    "two computations are compared up to the rounding errors of both, so there is no exact value to compare with",
  statistical: "it is about many random runs, and not about one instance",
  run: "it is about a long run, in which intervals grow and fractions double their length at each step",
  limit: "it is about the limit of a flow, an iteration or a solver",
  spectrum: "it is about eigenvalues or singular values from an iterative solver",
  functions: "it is about functions without an interval enclosure here, such as erf or cos",
} as const

export const Reason = Schema.Literals([
  "bits",
  "agreement",
  "statistical",
  "run",
  "limit",
  "spectrum",
  "functions",
]) satisfies Schema.Schema<keyof typeof reasons>
export type Reason = typeof Reason.Type
