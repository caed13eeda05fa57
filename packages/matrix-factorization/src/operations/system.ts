import type { Catalogue } from "@nonconvex/problems/Operation"
import { complete, fitTable, imputeColumns } from "./Complete.ts"
import { flattestInterpolant } from "./FindFlattestInterpolant.ts"
import { flatten } from "./FlattenLayers.ts"
import { chooseImplicit, recommend, recommendImplicit } from "./Recommend.ts"
import { recover } from "./RecoverMatrix.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "matrix-factorization",
  package: "@nonconvex/matrix-factorization",
  version: "0.2.0",
  operations: [
    chooseImplicit,
    complete,
    fitTable,
    flatten,
    flattestInterpolant,
    imputeColumns,
    recommend,
    recommendImplicit,
    recover,
  ],
  module: import.meta.url,
}
