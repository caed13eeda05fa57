/** Every law of this package, to run against your own implementation, and the claims that ours obeys them. */
import type { Claim, Erratum, Law } from "@nonconvex/evidence"
import { samBasin, usamSaddle } from "./claims/Attraction.ts"
import { axisDrift, axisDriftTime } from "./claims/AxisDrift.ts"
import { bounce, floor } from "./claims/Bounce.ts"
import { convexAlignment, rise, usamAlignment } from "./claims/Convexity.ts"
import * as Factorisation from "./claims/Factorisation.ts"
import * as Family from "./claims/Family.ts"
import { floorPastInverseSmoothness } from "./claims/FloorErratum.ts"
import * as Grouped from "./claims/Grouped.ts"
import { recovery } from "./claims/MatrixSensing.ts"
import { metamorphic } from "./claims/Metamorphic.ts"
import * as Neuron from "./claims/Neuron.ts"
import { samGradient, samLoss, usamLoss, usamPath } from "./claims/PolyakLojasiewicz.ts"
import { restoredPoint, stepLength, usamThroughSam } from "./claims/Step.ts"
import { distanceBound, lossBound } from "./claims/StronglyConvex.ts"
import { optimSam, type Subject } from "./claims/Subject.ts"
import { samThreshold, usamRadiusThreshold, usamThreshold } from "./claims/Threshold.ts"
import { valleyDrift } from "./claims/Valley.ts"

export type { Subject } from "./claims/Subject.ts"

/** Laws of SAM and USAM over plain gradient descent: `law.against(subject)` is a claim about `subject`. */
export const laws: ReadonlyArray<Law<Subject>> = [
  stepLength,
  usamThroughSam,
  restoredPoint,
  lossBound,
  distanceBound,
  samThreshold,
  usamThreshold,
  usamRadiusThreshold,
  bounce,
  floor,
  Factorisation.usamDiverges,
  Factorisation.samReachesOrigin,
  axisDrift,
  axisDriftTime,
  Neuron.usamEnd,
  Neuron.samReachesOrigin,
  samLoss,
  samGradient,
  usamLoss,
  usamPath,
  valleyDrift,
  rise,
  convexAlignment,
  usamAlignment,
  samBasin,
  usamSaddle,
  recovery,
  ...metamorphic,
]

/** The laws against the methods of this package, and what is claimed of the others in the family. */
export const claims: ReadonlyArray<Claim> = [
  ...laws.map((law) => law.against(optimSam)),
  Family.adaptiveRescaling,
  Family.adaptiveMaximiser,
  Family.pNormMaximiser,
  Family.unifiedInterpolates,
  Grouped.groupedDefinition,
  Grouped.groupedPermutation,
  Grouped.groupedDuplication,
  Grouped.groupedWhole,
]

export const errata: ReadonlyArray<Erratum> = [
  floorPastInverseSmoothness,
  Factorisation.originFromDiagonal,
]
