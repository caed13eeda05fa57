/** Parameters that the theorems prescribe. */
export { sharpnessAwarePreset, smoothedPreset } from "./Theory.ts"
