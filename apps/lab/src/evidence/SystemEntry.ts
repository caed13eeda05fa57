import * as Kind from "@nonconvex/evidence/Kind"
import * as Schema from "effect/Schema"
import type { SystemIndex } from "./SystemIndex.ts"

/** One system in the list of `systems`: its paper, and the numbers of its claims, errata and experiments. */
export const SystemEntry = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  paper: Schema.String,
  arxiv: Schema.String,
  claims: Schema.Int,
  /** Claims by their kind. */
  theorems: Schema.Int,
  lemmas: Schema.Int,
  identities: Schema.Int,
  observations: Schema.Int,
  /** Errata whose statement was read in print. */
  errata: Schema.Int,
  experiments: Schema.Int,
})
export type SystemEntry = typeof SystemEntry.Type

export const entryOf = ({ experiments, statements, ...paper }: SystemIndex): SystemEntry => {
  const claims = statements.filter(({ kind }) => kind === "claim")
  const of = (kind: Kind.Kind) => claims.filter(({ source }) => Kind.of(source) === kind).length
  return {
    ...paper,
    claims: claims.length,
    theorems: of("theorem"),
    lemmas: of("lemma"),
    identities: of("identity"),
    observations: of("observation"),
    errata: statements.filter(({ read }) => read?.as === "printed").length,
    experiments: experiments.length,
  }
}
