/** Every claim of this package, and the laws to run against your own implementation. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { driftLaws } from "./claims/DriftLaws.ts"
import { exactTraceClaims } from "./claims/ExactTraceClaims.ts"
import { flatClaims } from "./claims/FlatClaims.ts"
import { gapClaims } from "./claims/GapClaims.ts"
import { lanczosClaims } from "./claims/LanczosClaims.ts"
import { limitClaims } from "./claims/LimitClaims.ts"
import { probeClaims } from "./claims/ProbeClaims.ts"
import { residualClaims } from "./claims/ResidualClaims.ts"
import { runClaims } from "./claims/RunClaims.ts"
import { rowClaims, sampleLaws } from "./claims/SampleLaws.ts"
import { sketchClaims } from "./claims/SketchClaims.ts"
import { smoothingClaims } from "./claims/Smoothing.ts"
import { spaceLaws } from "./claims/SpaceLaws.ts"
import { sphereClaims } from "./claims/SphereClaims.ts"
import { stepLaws } from "./claims/StepLaws.ts"
import { tangentClaims } from "./claims/TangentClaims.ts"
import { flatMinima, type Subject } from "./claims/Subject.ts"

export type { Subject } from "./claims/Subject.ts"

/** Laws of the two algorithms: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  ...driftLaws,
  ...stepLaws,
  ...spaceLaws,
  ...sampleLaws,
]

export const claims: ReadonlyArray<Claim> = [
  ...smoothingClaims,
  ...limitClaims,
  ...tangentClaims,
  ...flatClaims,
  ...laws.map((law) => law.against(flatMinima)),
  ...rowClaims,
  ...sphereClaims,
  ...probeClaims,
  ...sketchClaims,
  ...lanczosClaims,
  ...runClaims,
  ...exactTraceClaims,
  ...gapClaims,
  ...residualClaims,
]

/** None: no statement, as recalled, was found false. */
export const errata: ReadonlyArray<Erratum> = []
