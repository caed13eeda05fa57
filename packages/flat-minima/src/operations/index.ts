/** Certificates of flatness of your own losses and networks: entry `@nonconvex/flat-minima/operations`. */
export { Certificate, certify, type CertifyOptions } from "../certificate/Certificate.ts"
export { CertifiedNetwork } from "./Certified.ts"
export { certifyLayers, LayerCurvature } from "./Layers.ts"
export { certifyNetwork, descend, LossOverflows, NetworkOnData } from "./Networks.ts"
export { certifyOracle } from "./Oracle.ts"
