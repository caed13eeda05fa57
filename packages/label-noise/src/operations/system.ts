import type { Catalogue } from "@nonconvex/problems/Operation"
import { fit } from "./Fit.ts"
import { flatten } from "./Flatten.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "label-noise",
  package: "@nonconvex/label-noise",
  version: "0.2.0",
  operations: [flatten, fit],
  module: import.meta.url,
}
