/** Every law of this package, to run against your own implementation. */
import type { Law } from "@nonconvex/evidence"
import type { Subject } from "../support/Subject.ts"
import { frozenGatesAreTaylor } from "./FrozenGates.ts"
import { manySamples, oneSample } from "./LinearNetworks.ts"
import {
  homogeneity,
  inputScale,
  labelSign,
  lossNormalisation,
  permutation,
  rebalancing,
  rotation,
} from "./Symmetries.ts"
import { certifiedRate, kernelBound, loudLossShrinks, normLaw, zeroLabels } from "./Norms.ts"
import { closedSystem, twoClusters } from "./ScalarInputs.ts"
import { routes } from "./TangentKernelRoutes.ts"

export { restart as restartLaw } from "./Restart.ts"
export { detector as detectorLaw } from "./SpikeDetector.ts"

/** `law.against(subject)` is a claim about `subject`: any gradient descent on networks in the NTK parametrisation. */
export const laws: ReadonlyArray<Law<Subject>> = [
  oneSample,
  manySamples,
  frozenGatesAreTaylor,
  closedSystem,
  twoClusters,
  normLaw,
  loudLossShrinks,
  zeroLabels,
  certifiedRate,
  kernelBound,
  routes,
  homogeneity,
  inputScale,
  rotation,
  permutation,
  rebalancing,
  labelSign,
  lossNormalisation,
]
