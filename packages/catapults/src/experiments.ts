/** The experiments of this package, in the order of the report. */
import type { Experiment } from "@nonconvex/evidence"
import { batchSizes } from "./experiments/BatchSizes.ts"
import { causalTest } from "./experiments/CausalTest.ts"
import { crossEntropy } from "./experiments/CrossEntropy.ts"
import { fashionMnist } from "./experiments/FashionMnist.ts"
import { forcedCatapults } from "./experiments/ForcedCatapults.ts"
import { optimizers } from "./experiments/Optimizers.ts"
import { paperSchedule } from "./experiments/PaperSchedule.ts"
import { quadraticFigures } from "./experiments/QuadraticFigures.ts"
import { quadraticPeaks } from "./experiments/QuadraticPeaks.ts"
import { testLossByRate } from "./experiments/TestLossByRate.ts"

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
