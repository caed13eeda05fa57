/** Deep factorisations of a matrix: their shape, initial layers, and end-to-end matrix. */
export { endToEnd, shape } from "./Factorisation.ts"
export { gaussian } from "./Initialisation.ts"
