/** What this package claims, and what it found false as printed. */
import type { Claim, Erratum } from "@nonconvex/evidence"

export const claims: ReadonlyArray<Claim> = []

export const errata: ReadonlyArray<Erratum> = []
