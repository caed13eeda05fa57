/** Flatness certificates for your own losses and networks: entry `@nonconvex/flat-minima/operations`. */
export { Certificate, certify } from "../certificate/Certificate.ts"
export { CertifiedNetwork } from "./CertifiedNetwork.ts"
export { certifyLayers, LayerCurvature } from "./CertifyLayers.ts"
export { certifyNetwork } from "./CertifyNetwork.ts"
export { certifyOracle } from "./CertifyOracle.ts"
export { descend } from "./DescendNetwork.ts"
export { system } from "./system.ts"
