import { flatLimit } from "../../limit/FlatLimit.ts"
import { flowOfPreactivations } from "../../flow/SharpnessFlow.ts"
import type { Expanded } from "./RandomNetwork.ts"

/** Observation of the flow after each step of the integrator. */
export interface Moment {
  readonly time: number
  readonly sharpness: number
  readonly gradientNorm: number
  /** Largest distance `|z_ij - v_i|` from the flat limit. */
  readonly deviation: number
  /** Largest change of an output since the start, relative to `1 + max |y|`. */
  readonly drift: number
}

/** The flow from an instance until the gradient norm is 1e-9. */
export const trajectory = ({ network, theta }: Expanded): ReadonlyArray<Moment> => {
  const { activation, labels, neurons: m, size: n } = network
  const { preactivations: v } = flatLimit(network, theta)
  const scale = labels.reduce((most, y) => Math.max(most, 1 + Math.abs(y)), 1)
  const moments: Array<Moment> = []
  flowOfPreactivations(network, theta, {
    observe: (time, { gradientNorm, sharpness, z }) => {
      let deviation = 0
      let drift = 0
      for (let i = 0; i < n; i++) {
        let f = -labels[i]!
        for (let k = i * m; k < (i + 1) * m; k++) {
          deviation = Math.max(deviation, Math.abs(z[k]! - v[i]!))
          f += activation.value(z[k]!)
        }
        drift = Math.max(drift, Math.abs(f) / scale)
      }
      moments.push({ time, sharpness, gradientNorm, deviation, drift })
    },
  })
  return moments
}
