import type { Described, Trial } from "./Claim.ts"

export interface ErratumDefinition<Instance extends object> extends Described, Trial<Instance> {
  /** The id of the claim that holds instead. */
  readonly corrected: string
  /** Why the statement fails, in a sentence or two. */
  readonly explanation: string
}

/** A statement that is false as it stands, held with the search for its smallest counterexample. */
export interface Erratum extends Described {
  readonly corrected: string
  readonly explanation: string
  readonly open: <Result>(
    use: <Instance extends object>(definition: ErratumDefinition<Instance>) => Result,
  ) => Result
}

/** An erratum from its definition; `margin` is that of the statement as it stands, and must be violated. */
export const erratum = <Instance extends object>(
  definition: ErratumDefinition<Instance>,
): Erratum => ({
  id: definition.id,
  statement: definition.statement,
  source: definition.source,
  corrected: definition.corrected,
  explanation: definition.explanation,
  open: (use) => use(definition),
})
