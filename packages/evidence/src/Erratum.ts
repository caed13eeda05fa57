import { Schema } from "effect"
import type { Described } from "./Claim.ts"
import type { Trial } from "./Trial.ts"
import type { Counterexample, Missing } from "./exact/Counterexample.ts"

/**
 * Consequence of a false statement for the paper.
 *
 * `theorem false`: a theorem, or a result stated as one, is false. `gap in a proof`: a step is wrong; the theorem may still
 * hold. `constant`: a number or factor is wrong, and the result holds with another. `slip`: a formula or word is wrong,
 * without consequences. `scope`: a result that, as we read it, omits its range of validity and fails outside it.
 */
export const Class = Schema.Literals([
  "theorem false",
  "gap in a proof",
  "constant",
  "slip",
  "scope",
])

export type Class = typeof Class.Type

/**
 * Source of the statement: read in the paper at a citable place, read in a machine conversion of its text, or recalled and
 * not read.
 */
export const Read = Schema.Union([
  Schema.Struct({ as: Schema.Literals(["printed", "converted"]), place: Schema.String }),
  Schema.Struct({ as: Schema.Literals(["recalled", "derived"]) }),
])

export type Read = typeof Read.Type

/** Description that every erratum has. */
interface Faulted extends Described {
  /** The id of the claim that holds instead. */
  readonly corrected: string
  /** Reason why the statement fails, in a sentence or two. */
  readonly explanation: string
  readonly class: Class
  /** A statement that was not read in print begins with `ifPrinted`, and is not counted. */
  readonly read: Read
  /** Counterexample in round numbers that is confirmed exactly, or the reason why there is none. */
  readonly exact?: Counterexample | Missing
}

interface ErratumDefinition<Instance extends object> extends Faulted, Trial<Instance> {}

/** Statement that is false as printed, with the search for its smallest counterexample. */
export interface Erratum extends Faulted {
  readonly open: <Result>(
    use: <Instance extends object>(trial: Trial<Instance>) => Result,
  ) => Result
}

/**
 * Erratum from its definition; `margin` is that of the statement as printed, and must be violated.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Draw, erratum, Margin } from "@nonconvex/evidence"
 * import * as Verify from "@nonconvex/evidence/Verify"
 * import { Kernels } from "@nonconvex/numerics"
 * import { Effect } from "effect"
 *
 * const squares = erratum({
 *   id: "example/squares",
 *   statement: "If the paper says that n^2 is at most 2n: it is not from n = 3 on.",
 *   source: { paper: "none", statement: "none", basis: "derived here" },
 *   class: "theorem false",
 *   read: { as: "derived" },
 *   corrected: "example/small-squares",
 *   explanation: "n^2 is at most 2n for n up to 2 alone.",
 *   instances: Draw.record({ n: Draw.integer(0, 9) }),
 *   margin: ({ instance: { n } }) => Margin.atMost(n * n, 2 * n),
 * })
 * const refuting = Verify.erratum(squares, { runs: 100, seed: 1 })
 * const verdict = await Effect.runPromise(Effect.provide(refuting, Kernels.layerStrict))
 * verdict._tag === "Refuted" && verdict.counterexample.instance // => { n: 3 }
 * ```
 */
export const erratum = <Instance extends object>(
  definition: ErratumDefinition<Instance>,
): Erratum => {
  const { exactly: _exactly, instances: _instances, margin: _margin, ...faulted } = definition
  return { ...faulted, open: (use) => use(definition) }
}
