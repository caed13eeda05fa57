/** The laws of SAM and USAM over plain gradient descent, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { samBasin, usamSaddle } from "./Attraction.ts"
import { convexAlignment, rise, usamAlignment } from "./ConvexAscent.ts"
import { equivariance } from "./Equivariance.ts"
import { axisDrift, axisDriftTime } from "./FactorisationDrift.ts"
import * as Factorisation from "./FactorisationOrigin.ts"
import { recovery } from "./MatrixSensingRecovery.ts"
import { monotoneInvariance } from "./MonotoneInvariance.ts"
import * as Neuron from "./Neuron.ts"
import { samGradient, samLoss, usamLoss, usamPath } from "./PolyakLojasiewicz.ts"
import { bounce, floor } from "./QuadraticBounce.ts"
import { scaling } from "./Scaling.ts"
import { restoredPoint, stepLength, usamThroughSam } from "./Step.ts"
import { distanceBound, lossBound } from "./StronglyConvex.ts"
import { samThreshold, usamRadiusThreshold, usamThreshold } from "./Threshold.ts"
import { valleyDrift } from "./ValleyDrift.ts"
import { zeroRadius } from "./ZeroRadius.ts"

/** `law.against(subject)` is a claim about `subject`: give it your own implementation. */
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
  ...equivariance,
  ...scaling,
  monotoneInvariance,
  zeroRadius,
]
