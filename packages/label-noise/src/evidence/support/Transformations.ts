/** Other networks and activations, whose behaviour follows from that of the first. */
import * as Vector from "@nonconvex/numerics/Vector"
import type { Activation } from "../../network/Activation.ts"

/** Every row of `rows`, d long, times the transposed of the d x d matrix Q. */
export const rotateRows = (rows: Float64Array, q: Float64Array, d: number): Float64Array =>
  rows.map((_, k) => {
    const row = Math.floor(k / d) * d
    return Vector.dot(rows.subarray(row, row + d), q.subarray((k % d) * d, (k % d) * d + d))
  })

/** `factor` times an activation. */
export const multiplied = (activation: Activation, factor: number): Activation => ({
  name: `${factor} (${activation.name})`,
  value: (z) => factor * activation.value(z),
  first: (z) => factor * activation.first(z),
  second: (z) => factor * activation.second(z),
  third: (z) => factor * activation.third(z),
})
