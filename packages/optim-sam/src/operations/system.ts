import type { Catalogue } from "@nonconvex/problems/Operation"
import { predict } from "./Predict.ts"
import { train } from "./Train.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "optim-sam",
  package: "@nonconvex/optim-sam",
  version: "0.2.0",
  operations: [train, predict],
  module: import.meta.url,
}
