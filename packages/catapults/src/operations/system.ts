import type { Catalogue } from "@nonconvex/problems/Operation"
import { descend } from "./Descend.ts"
import { diagnose } from "./Diagnose.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "catapults",
  package: "@nonconvex/catapults",
  version: "0.2.0",
  operations: [diagnose, descend],
  module: import.meta.url,
}
