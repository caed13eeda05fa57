/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum } from "@nonconvex/evidence"

export const claims: ReadonlyArray<Claim> = []

/** Statements that are false as printed, each with the search for its smallest counterexample. */
export const errata: ReadonlyArray<Erratum> = []
