/** Every law of the kernels. */
import { chainLaws } from "./chainLaws.ts"
import type { Law } from "./law.ts"
import { factorLaws } from "./factorLaws.ts"
import { gridLaws } from "./gridLaws.ts"
import { imageLaws } from "./imageLaws.ts"
import { matrixLaws } from "./matrixLaws.ts"
import { memoryLaws } from "./memoryLaws.ts"
import { networkLaws } from "./networkLaws.ts"
import { sparseLaws } from "./sparseLaws.ts"
import { spectralLaws } from "./spectralLaws.ts"
import { tridiagonalLaws } from "./tridiagonalLaws.ts"

export const laws: ReadonlyArray<Law> = [
  ...matrixLaws,
  ...factorLaws,
  ...networkLaws,
  ...chainLaws,
  ...memoryLaws,
  ...gridLaws,
  ...imageLaws,
  ...sparseLaws,
  ...spectralLaws,
  ...tridiagonalLaws,
]
