import type { Catalogue } from "@nonconvex/problems/Operation"
import { certifyLayers } from "./CertifyLayers.ts"
import { certifyNetwork } from "./CertifyNetwork.ts"
import { certifyOracle } from "./CertifyOracle.ts"
import { descend } from "./DescendNetwork.ts"
import { measureNetwork, measureOracle } from "./MeasureCurvature.ts"

/** Catalogue of this package's operations for jobs. */
export const system: Catalogue = {
  id: "flat-minima",
  package: "@nonconvex/flat-minima",
  version: "0.2.0",
  operations: [
    descend,
    certifyNetwork,
    certifyLayers,
    certifyOracle,
    measureNetwork,
    measureOracle,
  ],
  module: import.meta.url,
}
