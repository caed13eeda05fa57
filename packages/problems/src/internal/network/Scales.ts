import type { Normalisation } from "./Placement.ts"

/** The scales of a batch normalisation as a view of the parameters `x`. */
export const scales = ({ channels, scales: at }: Normalisation, x: Float64Array): Float64Array =>
  x.subarray(at, at + channels)
