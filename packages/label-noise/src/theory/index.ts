/** Flow time that corresponds to steps of label noise. */
export { flowTimePerStep, stepsFor } from "./Theory.ts"
