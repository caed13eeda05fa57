/** Kinds of claims, and their count. */
import type { Source } from "./Source.ts"

/**
 * Kind of a claim.
 *
 * `theorem`: a result of the paper, or of what it builds on. `lemma`: a bound or another result of this project. `identity`: true by definition, by symmetry or
 * by algebra, or a description of what a program computes. `observation`: what runs on chosen problems show, without a proof.
 */
export type Kind = "theorem" | "lemma" | "identity" | "observation"

/**
 * The kind of a claim: what its source says, else a lemma where it is derived here, and a theorem elsewhere.
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

/** The source of what runs on chosen problems show. */
export const observation = (source: Source): Source => ({ ...source, kind: "observation" })

const bases = {
  "as printed": "printed",
  corrected: "corrected",
  "as recalled": "recalled",
  "derived here": "ours",
} as const satisfies Record<Source["basis"], string>

const plurals = {
  lemma: ["lemma of ours", "lemmas of ours"],
  identity: ["identity", "identities"],
  observation: ["observation", "observations"],
} as const satisfies Record<Exclude<Kind, "theorem">, readonly [one: string, many: string]>

/**
 * Counts claims by their kind, theorems by their basis.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Kind, statementsOf } from "@nonconvex/evidence"
 *
 * const { corrected, derived, recalled } = statementsOf("Dai, Ahn, Sra 2023")
 * Kind.counted([recalled("Theorem 1"), corrected("Theorem 2"), derived("Theorem 1, past its range")])
 * // => "2 theorems (1 corrected, 1 recalled), 1 lemma of ours"
 * ```
 */
export const counted = (sources: ReadonlyArray<Source>): string => {
  const theorems = sources.filter((source) => of(source) === "theorem")
  const byBasis = Object.entries(bases).flatMap(([basis, word]) => {
    const count = theorems.filter((source) => source.basis === basis).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  const detail = byBasis.length === 0 ? "" : ` (${byBasis.join(", ")})`
  const others = Object.entries(plurals).flatMap(([kind, [one, many]]) => {
    const count = sources.filter((source) => of(source) === kind).length
    return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]
  })
  return [
    `${theorems.length} ${theorems.length === 1 ? "theorem" : "theorems"}${detail}`,
    ...others,
  ].join(", ")
}
