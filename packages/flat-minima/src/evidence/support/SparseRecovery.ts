import * as Draws from "../../perturbation/Draws.ts"
import { sharpnessAwarePerturbation } from "../../perturbation/SharpnessAwarePerturbation.ts"
import { smoothedPerturbation } from "../../perturbation/SmoothedPerturbation.ts"

export interface Run {
  readonly kind: "smoothed" | "sharpness-aware"
  readonly learningRate: number
  readonly radius: number
  readonly seed: number
}

export const methodOf = ({ kind, learningRate, radius, seed }: Run) => {
  const options = {
    learningRate,
    plainLearningRate: 0.01,
    radius,
    gradientThreshold: 0.5,
    draws: Draws.published(seed),
  }
  return kind === "smoothed" ? smoothedPerturbation(options) : sharpnessAwarePerturbation(options)
}
