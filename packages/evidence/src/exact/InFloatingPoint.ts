/** Reasons why a violation of a claim is confirmed by no exact values, for claims without `exactly`. */
import { Schema } from "effect"

/** In words, for tables and verdicts. */
export const reasons = {
  bits: "integers or float64 numbers are compared as they are: nothing is rounded, and a violation is exact as it is found",
  agreement:
    "two computations are compared up to the rounding of both: there is no value of which either falls short",
  statistical: "it is about many random runs, and not about one instance",
  run: "it is about a long run, in which intervals grow and fractions double their length at each step",
  limit: "it is about where a flow, an iteration or a solver ends",
  spectrum: "it is about eigenvalues or singular values that an iteration finds",
  functions: "it is about functions that have no enclosure here, such as erf or cos",
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
