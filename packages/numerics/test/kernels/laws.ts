/** Every law of the kernels. */
import type { Law } from "./law.ts"
import { matrixLaws } from "./matrixLaws.ts"

export const laws: ReadonlyArray<Law> = [...matrixLaws]
