/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence/Experiment"
import { batchSizeOnImages } from "./BatchSizeOnImages.ts"
import { batchSizes } from "./BatchSizes.ts"
import { causalTest } from "./CausalTest.ts"
import { crossEntropy } from "./CrossEntropy.ts"
import { eigenspacesOfSpikes } from "./EigenspacesOfSpikes.ts"
import { fashionMnist } from "./FashionMnist.ts"
import { forcedCatapults } from "./ForcedCatapults.ts"
import { isItTheCatapult } from "./IsItTheCatapult.ts"
import { optimizers } from "./Optimizers.ts"
import { peaksOfQuadraticModels } from "./PeaksOfQuadraticModels.ts"
import { quadraticModels } from "./QuadraticModels.ts"
import { rateSchedule } from "./RateSchedule.ts"
import { spikesInEigenspace } from "./SpikesInEigenspace.ts"
import { testLossByRate } from "./TestLossByRate.ts"

export const experiments: ReadonlyArray<Experiment> = [
  forcedCatapults,
  rateSchedule,
  batchSizes,
  optimizers,
  causalTest,
  fashionMnist,
  quadraticModels,
  testLossByRate,
  peaksOfQuadraticModels,
  crossEntropy,
  spikesInEigenspace,
  eigenspacesOfSpikes,
  isItTheCatapult,
  batchSizeOnImages,
]
