/** Kinds of claims, and their count. */
import type { Source } from "./Source.ts"

/**
 * Kind of a claim.
 *
 * `theorem`: a result of the paper, or of its references. `lemma`: a bound or another result of this project. `identity`: true by
 * definition, symmetry or algebra, or a description of a computation. `observation`: shown by runs on chosen problems, without a
 * proof.
 */
export type Kind = "theorem" | "lemma" | "identity" | "observation"

/**
 * Kind of a claim: that of its source, else a lemma if derived here, and a theorem otherwise.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kind, statementsOf } from "@nonconvex/evidence"
 *
 * const { derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
 * Kind.of(recalled("Theorem 1")) // => "theorem"
 * Kind.of(derived("Theorem 1, past its range")) // => "lemma"
 * Kind.of(Kind.identity(derived("invariance under rotations"))) // => "identity"
 * ```
 */
export const of = ({ basis, kind }: Source): Kind =>
  kind ?? (basis === "derived here" ? "lemma" : "theorem")

/** The source of an identity, a symmetry, a definition or a description of a program. */
export const identity = (source: Source): Source => ({ ...source, kind: "identity" })

/** Source of an observation from runs on chosen problems. */
export const observation = (source: Source): Source => ({ ...source, kind: "observation" })

const bases = {
  "as printed": "printed",
  corrected: "corrected",
  "as recalled": "recalled",
} as const satisfies Partial<Record<Source["basis"], string>>

const names = {
  theorem: ["theorem", "theorems"],
  lemma: ["lemma of ours", "lemmas of ours"],
  identity: ["identity", "identities"],
  observation: ["observation", "observations"],
} as const satisfies Record<Kind, readonly [one: string, many: string]>

/** Counts theorems by their basis: `1 corrected, 1 recalled`. Empty if there are none. */
export const byBasis = (sources: ReadonlyArray<Source>): string =>
  Object.entries(bases)
    .flatMap(([basis, word]) => {
      const all = sources.filter((each) => of(each) === "theorem" && each.basis === basis)
      return all.length === 0 ? [] : [`${all.length} ${word}`]
    })
    .join(", ")

/**
 * Counts claims by their kind, theorems by their basis.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kind, statementsOf } from "@nonconvex/evidence"
 *
 * const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
 * const sources = [recalled("Theorem 1"), corrected("Theorem 2"), derived("past its range")]
 * Kind.counted(sources) // => "2 theorems (1 corrected, 1 recalled), 1 lemma of ours"
 * ```
 */
export const counted = (sources: ReadonlyArray<Source>): string => {
  const words = Object.entries(names).flatMap(([kind, [one, many]]) => {
    const count = sources.filter((source) => of(source) === kind).length
    const detail = kind === "theorem" && count > 0 ? ` (${byBasis(sources)})` : ""
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}${detail}`]
  })
  return words.length === 0 ? "none" : words.join(", ")
}
