/** The laws of SAM and USAM over plain gradient descent, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { samBasin, usamSaddle } from "./Attraction.ts"
import { convexAlignment, rise, usamAlignment } from "./ConvexAscent.ts"
import { equivariance, monotoneInvariance, zeroRadius } from "./Symmetries.ts"
import { axisDrift, axisDriftTime } from "./FactorisationDrift.ts"
import * as Factorisation from "./FactorisationOrigin.ts"
import { recovery } from "./MatrixSensingRecovery.ts"
import * as Neuron from "./Neuron.ts"
import { samGradient, samLoss, usamLoss, usamPath } from "./PolyakLojasiewicz.ts"
import { bounce, floor, samThreshold, usamRadiusThreshold, usamThreshold } from "./Quadratics.ts"
import { scaling } from "./Scaling.ts"
import { restoredPoint, stepLength, usamThroughSam } from "./Step.ts"
import { distanceBound, lossBound } from "./StronglyConvex.ts"
import { valleyDrift } from "./ValleyDrift.ts"

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
