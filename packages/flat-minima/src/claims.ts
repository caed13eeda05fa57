/** Every claim of this package. */
import type { Claim, Erratum } from "@nonconvex/evidence"
import { limitClaims } from "./claims/LimitClaims.ts"
import { smoothingClaims } from "./claims/Smoothing.ts"

export const claims: ReadonlyArray<Claim> = [...smoothingClaims, ...limitClaims]

/** None: no statement was found false as printed. */
export const errata: ReadonlyArray<Erratum> = []
