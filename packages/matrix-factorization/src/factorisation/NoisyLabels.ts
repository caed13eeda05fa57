/** The labels of a batch with fresh noise, which is drawn ahead. */
import type { LabelNoiseDescentState } from "./LabelNoiseDescent.ts"

/** The labels of a batch, with their noise from place `used` on. */
export const lookUp = (
  { drawn, labels: { length }, objective: { targets } }: LabelNoiseDescentState,
  indices: Uint32Array,
  noise: number,
  used: number,
  out: Float64Array,
): void => {
  for (let k = 0; k < length; k++) {
    out[k] = targets[indices[k]!]!
    if (noise > 0) out[k]! += noise * drawn[used + k]!
  }
}

/** Draws the numbers of the next steps where all are used up. */
export const drawAhead = (state: LabelNoiseDescentState, isGaussian: boolean): void => {
  const { drawn, noiseStream, objective } = state
  if (state.used < drawn.length) return
  const { kernels } = objective.measurements
  if (isGaussian) kernels.fillNormal(noiseStream, drawn)
  else kernels.fillRademacher(noiseStream, drawn)
  state.used = 0
}
