/** Every law of this package, to run against your own implementation. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { certifiedRate } from "./CertifiedRate.ts"
import { frozenGatesAreTheExpansion } from "./FrozenGatesAreTheExpansion.ts"
import { homogeneity } from "./Homogeneity.ts"
import { inputScale } from "./InputScale.ts"
import { kernelBound } from "./KernelBound.ts"
import { labelSign } from "./LabelSign.ts"
import { layerRebalancing } from "./LayerRebalancing.ts"
import { linearNetworkClosedSystem } from "./LinearNetworkClosedSystem.ts"
import { lossNormalisation } from "./LossNormalisation.ts"
import { normFallsWhereTheLossIsLarge } from "./NormFallsWhereTheLossIsLarge.ts"
import { normLaw } from "./NormLaw.ts"
import { normNeverGrowsOnZeroLabels } from "./NormNeverGrowsOnZeroLabels.ts"
import { oneSampleLinearNetwork } from "./OneSampleLinearNetwork.ts"
import { permutationAndDuplication } from "./PermutationAndDuplication.ts"
import { rotation } from "./Rotation.ts"
import { scalarInputsClosedSystem } from "./ScalarInputsClosedSystem.ts"
import { tangentKernelRoutes } from "./TangentKernelRoutes.ts"
import { twoIndependentClusters } from "./TwoIndependentClusters.ts"

/** `law.against(subject)` is a claim about `subject`: any gradient descent on networks in the NTK parametrisation. */
export const laws: ReadonlyArray<Law<Subject>> = [
  oneSampleLinearNetwork,
  linearNetworkClosedSystem,
  frozenGatesAreTheExpansion,
  scalarInputsClosedSystem,
  twoIndependentClusters,
  normLaw,
  normFallsWhereTheLossIsLarge,
  normNeverGrowsOnZeroLabels,
  certifiedRate,
  kernelBound,
  tangentKernelRoutes,
  homogeneity,
  inputScale,
  rotation,
  permutationAndDuplication,
  layerRebalancing,
  labelSign,
  lossNormalisation,
]
