import type { Catalogue } from "@nonconvex/problems/Operation"
import { trainImages } from "./TrainImages.ts"

/** Catalogue of the operation on images for jobs. */
export const system: Catalogue = {
  id: "optim-sam",
  package: "@nonconvex/optim-sam",
  version: "0.2.0",
  operations: [trainImages],
  module: import.meta.url,
}
