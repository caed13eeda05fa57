import type { Claim } from "@nonconvex/evidence/Claim"
import { Class, type Erratum, Read } from "@nonconvex/evidence/Erratum"
import * as InFloatingPoint from "@nonconvex/evidence/exact/InFloatingPoint"
import { Source } from "@nonconvex/evidence/Source"
import type { System } from "@nonconvex/evidence/System"
import { Schema } from "effect"

/** One claim or erratum in the list that `claims --json` prints. */
export const StatementEntry = Schema.Struct({
  id: Schema.String,
  kind: Schema.Literals(["claim", "erratum"]),
  statement: Schema.String,
  source: Source,
  /** The changes that must make the claim fail. */
  controls: Schema.Array(Schema.String),
  /** True if a violation would be confirmed in exact values; for an erratum, if its counterexample is. */
  isExact: Schema.optionalKey(Schema.Boolean),
  /** Reason for a claim without exact values. */
  inFloatingPoint: Schema.optionalKey(InFloatingPoint.Reason),
  /** For an erratum, the claim that holds instead. */
  corrected: Schema.optionalKey(Schema.String),
  /** For an erratum, its class, such as "theorem false". */
  class: Schema.optionalKey(Class),
  /** For an erratum, where the statement was read in print, or that it was not. */
  read: Schema.optionalKey(Read),
})
export type StatementEntry = typeof StatementEntry.Type

const exactnessOf = ({ inFloatingPoint, open }: Claim) => ({
  isExact: open(({ exactly }) => exactly !== undefined) || inFloatingPoint === "bits",
  ...(inFloatingPoint === undefined ? {} : { inFloatingPoint }),
})

const isConfirmed = ({ exact }: Erratum): boolean => typeof exact === "function"

/** The claims of a system, then its errata. */
export const statementsOf = (system: System): ReadonlyArray<StatementEntry> => [
  ...system.claims.map((claim) => ({
    id: claim.id,
    kind: "claim" as const,
    statement: claim.statement,
    source: claim.source,
    controls: claim.controls,
    ...exactnessOf(claim),
  })),
  ...system.errata.map((erratum) => {
    const { class: of, corrected, id, read, source, statement } = erratum
    return {
      id,
      kind: "erratum" as const,
      statement,
      source,
      controls: [],
      isExact: isConfirmed(erratum),
      corrected,
      class: of,
      read,
    }
  }),
]
