/** SAM without the normalisation (USAM): the radius multiplies the gradient. */
export { usam } from "@nonconvex/problems/Usam"
