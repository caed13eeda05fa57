/** Transformed networks and activations with predictable behaviour. */
import * as Orthogonal from "@nonconvex/numerics/Orthogonal"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Activation } from "../../network/Activation.ts"
import { twoLayer } from "../../network/TwoLayer.ts"
import type { Expanded } from "./RandomNetwork.ts"

/** The network on randomly rotated data, and the map that applies the same rotation to rows of data or parameters. */
export const rotated = ({ network, stream }: Expanded) => {
  const d = network.dimension
  const q = Orthogonal.haar(d, stream("rotation"))
  const rotate = (rows: Float64Array): Float64Array =>
    rows.map((_, k) => {
      const row = Math.floor(k / d) * d
      return Vector.dot(rows.subarray(row, row + d), q.subarray((k % d) * d, (k % d) * d + d))
    })
  return { network: twoLayer({ ...network, features: rotate(network.features) }), rotate }
}

/** `factor` times an activation. */
export const multiplied = (activation: Activation, factor: number): Activation => ({
  name: `${factor} (${activation.name})`,
  value: (z) => factor * activation.value(z),
  first: (z) => factor * activation.first(z),
  second: (z) => factor * activation.second(z),
  third: (z) => factor * activation.third(z),
})
