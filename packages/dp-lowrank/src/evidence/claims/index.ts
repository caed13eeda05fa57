/** What this package claims, in the order of the report. */
import type { Claim } from "@nonconvex/evidence"
import { laws } from "../laws/index.ts"
import * as Audits from "./Audits.ts"
import { calibration, conversions, inverse, quadrature } from "./PrivacyConversions.ts"
import { certificate } from "./Certificates.ts"
import { discreteLaw } from "./DiscreteGaussianLaw.ts"
import { coefficient, drift } from "./DysonFlow.ts"
import { conjugation, embedding, rank, realPart } from "./ComplexMatrices.ts"
import { silence } from "./ErrorsSayNothing.ts"
import * as ExactSensitivity from "./ExactSensitivity.ts"
import { formulasInPowers } from "./Formulas.ts"
import { firstOrder, noAdvantage } from "./FirstOrderError.ts"
import { dominance, gapMonotone, gapOfTwo, gapTail, repulsion, symmetries } from "./Gaps.ts"
import { delivered, edge, moments, shrinkage } from "./IdealisedNoise.ts"
import { lowerBound } from "./LowerBound.ts"
import { noise } from "./NoiseOfReleases.ts"
import { clipping, grid } from "./ReleaseOnAGridAndClipping.ts"
import { permits } from "./Permits.ts"
import { regression } from "./Regression.ts"
import { sensitivity, upperTriangle } from "./Sensitivity.ts"
import { gauge, order, projector, spectralError, truncation, weyl } from "./KnownNoise.ts"
import { augmented, count } from "./StatisticsOfPeople.ts"
import { weakMetric } from "./WeakMetric.ts"
import { components } from "./WideComponents.ts"

export const claims: ReadonlyArray<Claim> = [
  ...laws,
  formulasInPowers,
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
  certificate,
  components,
  regression,
  order,
  gapMonotone,
  symmetries,
  coefficient,
  calibration,
  inverse,
  conversions,
  quadrature,
  delivered,
  grid,
  clipping,
  silence,
  ExactSensitivity.sensitivity,
  augmented,
  count,
  noise,
  permits,
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
  shrinkage,
]
