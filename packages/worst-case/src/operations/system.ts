import type { Catalogue } from "@nonconvex/problems/Operation"
import { estimateWorstCase } from "./EstimateWorstCase.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "worst-case",
  package: "@nonconvex/worst-case",
  version: "0.2.0",
  operations: [estimateWorstCase],
  module: import.meta.url,
}
