/** Two activations that the theory covers, and the test of whether it applies to your own. */
export { assess, cubic, sinh } from "./Activation.ts"
