/** Parameters that the theorems name. */
export { sharpnessAwarePreset, smoothedPreset } from "./Theory.ts"
