/** Every claim of this package. */
import type { Claim, Erratum } from "@nonconvex/evidence"
import { driftClaims } from "./claims/DriftClaims.ts"
import { exactTraceClaims } from "./claims/ExactTraceClaims.ts"
import { limitClaims } from "./claims/LimitClaims.ts"
import { metamorphicClaims } from "./claims/Metamorphic.ts"
import { runClaims } from "./claims/RunClaims.ts"
import { smoothingClaims } from "./claims/Smoothing.ts"
import { traceClaims } from "./claims/TraceClaims.ts"

export const claims: ReadonlyArray<Claim> = [
  ...smoothingClaims,
  ...limitClaims,
  ...driftClaims,
  ...metamorphicClaims,
  ...traceClaims,
  ...runClaims,
  ...exactTraceClaims,
]

/** None: no statement was found false as printed. */
export const errata: ReadonlyArray<Erratum> = []
