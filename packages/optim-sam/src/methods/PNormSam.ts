/** SAM over a ball of the p-norm. */
export { pNormSam } from "@nonconvex/problems/PNormSam"
