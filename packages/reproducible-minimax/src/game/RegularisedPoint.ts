/** The one point of a regularised game, to the last digits, with a certificate. Derived here. */
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../theory/index.ts"
import { type Pair, played } from "./Equilibrium.ts"
import * as Exactly from "./Exactly.ts"
import { direct, factorise, type InteriorPoint } from "./InteriorPoint.ts"

/** What is not played hardly moves. */
const fixed = 1e150

const unit = 2 ** -53

/** What each pure strategy is off from its player's level, to the last digit: slacks of what is not played. */
const measure = ({ columns, matrix, max, min, rows, strength }: InteriorPoint): void => {
  Exactly.product(false, rows, columns, matrix, max.point, min.residual, min)
  Exactly.product(true, rows, columns, matrix, min.point, max.residual, max)
  for (const [{ center, point, residual }, sign] of [
    [min, 1],
    [max, -1],
  ] as const) {
    for (let i = 0; i < point.length; i++) {
      residual[i]! += sign * strength * (point[i]! - center[i]!)
    }
  }
}

/**
 * Newton's method on what an interior point of a regularised game plays, until nothing is played that should not be: then a bound on the
 * distance to the one solution, by strong monotonicity.
 */
export const polish = (state: InteriorPoint): Pair => {
  const { max, min, strength } = state
  const sides = [
    { side: min, sign: 1, plays: new Set(played(min)) },
    { side: max, sign: -1, plays: new Set(played(max)) },
  ] as const
  let changed = true
  for (let round = 0; round < 30 && changed; round++) {
    for (const { plays, side } of sides) {
      for (let i = 0; i < side.point.length; i++) {
        side.diagonal[i] = plays.has(i) ? strength : fixed
        side.drive[i] = 0
        if (!plays.has(i)) side.point[i] = 0
      }
    }
    factorise(state)
    for (let k = 0; k < 3; k++) {
      measure(state)
      for (const { plays, side } of sides) {
        for (let i = 0; i < side.point.length; i++) if (!plays.has(i)) side.residual[i] = 0
      }
      const steps = direct(state)
      for (const [s, { plays, side }] of sides.entries()) {
        for (const i of plays) side.point[i]! += side.pointStep[i]!
        const { level, rest } = Exactly.add(side, steps[s]!)
        side.level = level
        side.rest = rest
      }
    }
    measure(state)
    changed = false
    for (const { plays, side, sign } of sides) {
      for (let i = 0; i < side.point.length; i++) {
        const isWrong = plays.has(i) ? side.point[i]! < -1e-14 : sign * side.residual[i]! < -1e-14
        if (!isWrong) continue
        changed = true
        if (!plays.delete(i)) plays.add(i)
      }
    }
  }
  let square = 0
  for (const { side } of sides) {
    for (let i = 0; i < side.point.length; i++) side.point[i] = Math.max(0, side.point[i]!)
  }
  measure(state)
  for (const { side, sign } of sides) {
    const { center, point, residual } = side
    for (let i = 0; i < point.length; i++) {
      const off = point[i]! > 0 ? Math.abs(residual[i]!) : Math.max(0, -sign * residual[i]!)
      // the rounding of the residual itself
      const more = 4 * unit * (off + strength * Math.abs(point[i]! - center[i]!))
      square += (off + more + 2 ** -90) ** 2
    }
  }
  // probabilities add up to 1 but for their own rounding
  const sums = sides.reduce(
    (total, { side }) => total + Math.abs(1 - side.point.reduce((a, b) => a + b, 0)),
    0,
  )
  const slack = sums + unit * (Vector.norm(min.point) + Vector.norm(max.point))
  return {
    min: min.point.slice(),
    max: max.point.slice(),
    distance: Theory.distanceFromResidual(Math.sqrt(square), 0, strength) + slack,
  }
}
