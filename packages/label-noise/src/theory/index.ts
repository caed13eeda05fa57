/** Flow time that steps of label noise take. */
export { flowTimePerStep, stepsFor } from "./Theory.ts"
