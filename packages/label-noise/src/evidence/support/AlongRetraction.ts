import { Geometry } from "../../geometry/Geometry.ts"
import { retract } from "../../geometry/Retraction.ts"
import type { Expanded } from "./RandomNetwork.ts"

export const gradientAt = (geometry: Geometry): Float64Array => geometry.gradient()

/** Sharpness at multiples -2 to 2 of a step along the retraction, and the step. */
export const alongRetraction = ({ network, theta }: Expanded, direction: Float64Array) => {
  const h = 2e-3
  const geometry = new Geometry(network)
  const values = [-2, -1, 0, 1, 2].map((k) => {
    const moved = direction.map((u) => k * h * u)
    return geometry.atParameters(retract(network, theta, moved)).sharpness
  })
  return { h, values }
}
