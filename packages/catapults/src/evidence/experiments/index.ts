/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { batchSizes } from "./BatchSizes.ts"
import { causalTest } from "./CausalTest.ts"
import { crossEntropy } from "./CrossEntropy.ts"
import { fashionMnist } from "./FashionMnist.ts"
import { forcedCatapults } from "./ForcedCatapults.ts"
import { optimizers } from "./Optimizers.ts"
import { paperSchedule } from "./RateSchedule.ts"
import { quadraticFigures } from "./QuadraticModels.ts"
import { quadraticPeaks } from "./PeaksOfQuadraticModels.ts"
import { testLossByRate } from "./TestLossByRate.ts"

export const experiments: ReadonlyArray<Experiment> = [
  forcedCatapults,
  paperSchedule,
  batchSizes,
  optimizers,
  causalTest,
  fashionMnist,
  quadraticFigures,
  testLossByRate,
  quadraticPeaks,
  crossEntropy,
]
