/** Activations: two that the theory covers, and the test whether the theory applies to one of your own. */
export { type Activation, assess, cubic, sinh } from "./Activation.ts"
