/** Sources of the random directions and samples of a perturbation. */
export { type Draws, fromSeed, published } from "./Draws.ts"
