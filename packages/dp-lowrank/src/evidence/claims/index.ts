/** What this package claims, the laws to run against another implementation, and what it found false as printed. */
import type { Claim, Law } from "@nonconvex/evidence"
import * as Accounting from "./Accounting.ts"
import * as Audits from "./Audits.ts"
import * as Dyson from "./Dyson.ts"
import * as ErrorLaws from "./ErrorLaws.ts"
import * as Exactness from "./Exactness.ts"
import * as GapLaws from "./GapLaws.ts"
import { metamorphic } from "../laws/Metamorphic.ts"
import * as NoiseLaws from "./Noise.ts"
import * as Perturbation from "./Perturbation.ts"
import * as ReleaseLaws from "./ReleasedSums.ts"
import * as Sensitivity from "./Sensitivity.ts"
import { dpLowrank, type Subject } from "../support/Subject.ts"
import * as Truncation from "./Truncation.ts"

export type { Subject } from "../support/Subject.ts"

/** Laws of a private covariance: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = metamorphic

export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(dpLowrank)),
  Sensitivity.sensitivity,
  Sensitivity.upperTriangle,
  Truncation.truncation,
  Truncation.realPart,
  Truncation.rank,
  Truncation.embedding,
  Truncation.conjugation,
  Truncation.gauge,
  Perturbation.weyl,
  Perturbation.spectralError,
  Perturbation.projector,
  Perturbation.order,
  Dyson.gapMonotone,
  Dyson.symmetries,
  Dyson.coefficient,
  Accounting.calibration,
  Accounting.inverse,
  Accounting.conversions,
  Accounting.delivered,
  Exactness.grid,
  Exactness.clipping,
  Exactness.silence,
  ReleaseLaws.sensitivity,
  ReleaseLaws.noise,
  NoiseLaws.moments,
  Audits.idealised,
  Audits.released,
  GapLaws.gapOfTwo,
  GapLaws.dominance,
  GapLaws.gapTail,
  GapLaws.repulsion,
  ErrorLaws.firstOrder,
  ErrorLaws.noAdvantage,
  ErrorLaws.weakMetric,
  NoiseLaws.drift,
  NoiseLaws.discreteLaw,
  NoiseLaws.edge,
]

export { errata } from "../errata/index.ts"
