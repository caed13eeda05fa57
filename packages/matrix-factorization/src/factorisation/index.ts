/** Deep factorisations of a matrix: their shape, a starting point, and their end-to-end matrix. */
export { endToEnd, shape } from "./Factorisation.ts"
export { gaussian } from "./Initialisation.ts"
