import { Draw } from "@nonconvex/evidence"
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../../theory/Theory.ts"

export const squareOf = (h: Float64Array): number => Vector.dot(h, h)

const diagonalSquare = (h: Float64Array, n: number): number => {
  let sum = 0
  for (let i = 0; i < n; i++) sum += Elementary.square(h[i * n + i]!)
  return sum
}

export const rademacherVariance = (h: Float64Array, n: number) =>
  Theory.probeVariance.rademacher(squareOf(h), diagonalSquare(h, n))

export const spread = Draw.record({
  dimension: Draw.integer(3, 8),
  seed: Draw.seed(),
  probe: Draw.oneOf("gaussian", "sphere", "rademacher"),
})
