/** What this package claims, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import { dpLowrank } from "../support/Subject.ts"
import * as Audits from "./Audits.ts"
import { calibration, inverse } from "./Calibration.ts"
import { discreteLaw } from "./DiscreteGaussianLaw.ts"
import { drift } from "./DriftAndOverlap.ts"
import { coefficient } from "./DysonCoefficient.ts"
import { conjugation, embedding } from "./EmbeddingAndConjugation.ts"
import { silence } from "./ErrorsSayNothing.ts"
import * as ExactSensitivity from "./ExactSensitivity.ts"
import { firstOrder, noAdvantage } from "./FirstOrderError.ts"
import { gapMonotone, symmetries } from "./GapComparisonAndSymmetries.ts"
import { dominance } from "./GapDominance.ts"
import { gapOfTwo } from "./GapLawOfTwo.ts"
import { gapTail, repulsion } from "./GapTailAndRepulsion.ts"
import { edge } from "./LargestEigenvalue.ts"
import { delivered } from "./NoiseDelivers.ts"
import { lowerBound } from "./LowerBound.ts"
import { moments } from "./NoiseMoments.ts"
import { noise } from "./NoiseOfReleases.ts"
import { rank, realPart } from "./RealPart.ts"
import { clipping, grid } from "./ReleaseOnAGridAndClipping.ts"
import { sensitivity, upperTriangle } from "./Sensitivity.ts"
import { projector, spectralError } from "./SpectralErrorAndSinTheta.ts"
import { gauge, truncation } from "./TruncationAndGauge.ts"
import { weakMetric } from "./WeakMetric.ts"
import { order, weyl } from "./WeylAndOrder.ts"
import { conversions } from "./ZcdpConversions.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(dpLowrank)),
  sensitivity,
  upperTriangle,
  truncation,
  realPart,
  rank,
  embedding,
  conjugation,
  gauge,
  weyl,
  spectralError,
  projector,
  order,
  gapMonotone,
  symmetries,
  coefficient,
  calibration,
  inverse,
  conversions,
  delivered,
  grid,
  clipping,
  silence,
  ExactSensitivity.sensitivity,
  noise,
  moments,
  Audits.idealised,
  Audits.released,
  gapOfTwo,
  dominance,
  gapTail,
  repulsion,
  firstOrder,
  noAdvantage,
  lowerBound,
  weakMetric,
  drift,
  discreteLaw,
  edge,
]
