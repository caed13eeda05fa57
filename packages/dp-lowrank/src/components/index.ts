/** Post-processing of a release, at no privacy cost: components, bounds, and better estimates. */
export { Certificate, certify } from "./Certificate.ts"
export { type LowRank, toMatrix, topK } from "./LowRank.ts"
export { chooseRank } from "./RankChoice.ts"
export { Regression, regress } from "../regression/Regression.ts"
export { shrink } from "./Shrinkage.ts"
