/** Steps, time and loss that label noise takes, and the rates that are guaranteed. */
export { flowTimePerStep, noiseFloor, remainingTime, stepsFor } from "./Theory.ts"
