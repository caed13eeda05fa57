/** The laws of SAM and USAM over plain gradient descent, in the order of the report. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { convexAscentRise } from "./ConvexAscentRise.ts"
import { convexGradientAlignment } from "./ConvexGradientAlignment.ts"
import { factorisationAxisDrift } from "./FactorisationAxisDrift.ts"
import { factorisationDriftTime } from "./FactorisationDriftTime.ts"
import { factorisationSamReachesOrigin } from "./FactorisationSamReachesOrigin.ts"
import { factorisationUsamDiverges } from "./FactorisationUsamDiverges.ts"
import { matrixSensingRecovery } from "./MatrixSensingRecovery.ts"
import { neuronSamReachesOrigin } from "./NeuronSamReachesOrigin.ts"
import { neuronUsamEndCurvature } from "./NeuronUsamEndCurvature.ts"
import { normalisedStepLength } from "./NormalisedStepLength.ts"
import { plSamLossBound } from "./PlSamLossBound.ts"
import { plUsamLinearConvergence } from "./PlUsamLinearConvergence.ts"
import { plUsamPathBound } from "./PlUsamPathBound.ts"
import { pointRestoredExactly } from "./PointRestoredExactly.ts"
import { quadraticBounce } from "./QuadraticBounce.ts"
import { quadraticLossFloor } from "./QuadraticLossFloor.ts"
import { samAttractedToMaximum } from "./SamAttractedToMaximum.ts"
import { samCopies } from "./SamCopies.ts"
import { samIgnoresIrrelevantCoordinates } from "./SamIgnoresIrrelevantCoordinates.ts"
import { samLengthScaling } from "./SamLengthScaling.ts"
import { samLossScaling } from "./SamLossScaling.ts"
import { samMonotoneInvariance } from "./SamMonotoneInvariance.ts"
import { samOrthogonalEquivariance } from "./SamOrthogonalEquivariance.ts"
import { samReflectionEquivariance } from "./SamReflectionEquivariance.ts"
import { samThreshold } from "./SamThreshold.ts"
import { samTranslationInvariance } from "./SamTranslationInvariance.ts"
import { smoothSamGradientBound } from "./SmoothSamGradientBound.ts"
import { smoothUsamGradientAlignment } from "./SmoothUsamGradientAlignment.ts"
import { stronglyConvexDistanceBound } from "./StronglyConvexDistanceBound.ts"
import { stronglyConvexLossBound } from "./StronglyConvexLossBound.ts"
import { usamAttractedToNegativeCurvature } from "./UsamAttractedToNegativeCurvature.ts"
import { usamCopies } from "./UsamCopies.ts"
import { usamIgnoresIrrelevantCoordinates } from "./UsamIgnoresIrrelevantCoordinates.ts"
import { usamIsSamOfGradientLength } from "./UsamIsSamOfGradientLength.ts"
import { usamLengthScaling } from "./UsamLengthScaling.ts"
import { usamLossScaling } from "./UsamLossScaling.ts"
import { usamOrthogonalEquivariance } from "./UsamOrthogonalEquivariance.ts"
import { usamRadiusThreshold } from "./UsamRadiusThreshold.ts"
import { usamReflectionEquivariance } from "./UsamReflectionEquivariance.ts"
import { usamThreshold } from "./UsamThreshold.ts"
import { usamTranslationInvariance } from "./UsamTranslationInvariance.ts"
import { valleyDrift } from "./ValleyDrift.ts"
import { zeroRadiusIsGradientDescent } from "./ZeroRadiusIsGradientDescent.ts"

/** `law.against(subject)` is a claim about `subject`, which can be your own implementation. */
export const laws: ReadonlyArray<Law<Subject>> = [
  normalisedStepLength,
  usamIsSamOfGradientLength,
  pointRestoredExactly,
  stronglyConvexLossBound,
  stronglyConvexDistanceBound,
  samThreshold,
  usamThreshold,
  usamRadiusThreshold,
  quadraticBounce,
  quadraticLossFloor,
  factorisationUsamDiverges,
  factorisationSamReachesOrigin,
  factorisationAxisDrift,
  factorisationDriftTime,
  neuronUsamEndCurvature,
  neuronSamReachesOrigin,
  plSamLossBound,
  smoothSamGradientBound,
  plUsamLinearConvergence,
  plUsamPathBound,
  valleyDrift,
  convexAscentRise,
  convexGradientAlignment,
  smoothUsamGradientAlignment,
  samAttractedToMaximum,
  usamAttractedToNegativeCurvature,
  matrixSensingRecovery,
  samOrthogonalEquivariance,
  samReflectionEquivariance,
  samTranslationInvariance,
  samIgnoresIrrelevantCoordinates,
  usamOrthogonalEquivariance,
  usamReflectionEquivariance,
  usamTranslationInvariance,
  usamIgnoresIrrelevantCoordinates,
  samLossScaling,
  usamLossScaling,
  samLengthScaling,
  usamLengthScaling,
  samCopies,
  usamCopies,
  samMonotoneInvariance,
  zeroRadiusIsGradientDescent,
]
