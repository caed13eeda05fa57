/** Activations: two that the theory covers, and the test whether the theory applies to one of your own. */
export { assess, cubic, sinh } from "./Activation.ts"
