/** Every claim of this package. */
import type { Claim, Erratum } from "@nonconvex/evidence"
import { driftClaims } from "./claims/DriftClaims.ts"
import { exactTraceClaims } from "./claims/ExactTraceClaims.ts"
import { flatClaims } from "./claims/FlatClaims.ts"
import { lanczosClaims } from "./claims/LanczosClaims.ts"
import { limitClaims } from "./claims/LimitClaims.ts"
import { probeClaims } from "./claims/ProbeClaims.ts"
import { runClaims } from "./claims/RunClaims.ts"
import { sampleLaws } from "./claims/SampleLaws.ts"
import { sketchClaims } from "./claims/SketchClaims.ts"
import { smoothingClaims } from "./claims/Smoothing.ts"
import { spaceLaws } from "./claims/SpaceLaws.ts"
import { sphereClaims } from "./claims/SphereClaims.ts"
import { stepClaims } from "./claims/StepClaims.ts"

export const claims: ReadonlyArray<Claim> = [
  ...smoothingClaims,
  ...limitClaims,
  ...driftClaims,
  ...stepClaims,
  ...flatClaims,
  ...spaceLaws,
  ...sampleLaws,
  ...sphereClaims,
  ...probeClaims,
  ...sketchClaims,
  ...lanczosClaims,
  ...runClaims,
  ...exactTraceClaims,
]

/** None: no statement was found false as printed. */
export const errata: ReadonlyArray<Erratum> = []
