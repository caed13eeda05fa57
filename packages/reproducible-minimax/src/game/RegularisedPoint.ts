/** The one point of a regularised game, to the last digits, with a certificate. Derived here. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../theory/index.ts"
import { joined, type Pair, played } from "./Equilibrium.ts"
import * as Exactly from "../numbers/Exactly.ts"
import { direct, factorise, type InteriorPoint } from "./InteriorPoint.ts"

/** The diagonal of what is not played: it hardly moves. */
const fixed = 1e150

const unit = 2 ** -53

/** A player's strategy and level in two parts, what is played, and what each pure strategy is off from the level. */
const exactly = (side: InteriorPoint["min"], sign: 1 | -1) => ({
  side,
  sign,
  plays: new Set(played(side)),
  point: { level: side.point.slice(), rest: new Float64Array(side.point.length) },
  level: { level: side.level, rest: 0 } as Exactly.Parts<number>,
  off: new Float64Array(side.point.length),
})
type Exact = ReturnType<typeof exactly>

const measure = ({ columns, matrix, rows, strength }: InteriorPoint, min: Exact, max: Exact) => {
  for (const [mine, theirs] of [
    [min, max],
    [max, min],
  ] as const) {
    const { level, off, point, side, sign } = mine
    const sum = Exactly.zeros(off.length)
    for (let i = 0; i < off.length; i++) {
      const apart = Exactly.add({ level: point.level[i]!, rest: point.rest[i]! }, -side.center[i]!)
      sum.level[i] = -level.level
      sum.rest[i] = sign * strength * apart.rest - level.rest
      Exactly.addTo(sum, i, sign * strength * apart.level)
    }
    Exactly.addProduct(mine === max, rows, columns, matrix, theirs.point, sum)
    for (let i = 0; i < off.length; i++) off[i] = sum.level[i]! + sum.rest[i]!
  }
}

/** What a strategy lacks to probabilities that add up to 1. */
const missing = ({ point: { level, rest } }: Exact): number => {
  let total: Exactly.Parts<number> = { level: -1, rest: 0 }
  for (let i = 0; i < level.length; i++) {
    total = Exactly.add(Exactly.add(total, level[i]!), rest[i]!)
  }
  return -(total.level + total.rest)
}

/** Newton's method on what is played: the equations are linear, so that steps after the first mend rounding alone. */
const settle = (state: InteriorPoint, min: Exact, max: Exact, steps: number): void => {
  for (const { plays, point, side } of [min, max]) {
    for (let i = 0; i < side.point.length; i++) {
      side.diagonal[i] = plays.has(i) ? state.strength : fixed
      side.drive[i] = 0
      if (!plays.has(i)) point.level[i] = point.rest[i] = 0
    }
  }
  if (!factorise(state)) return
  for (let k = 0; k < steps; k++) {
    measure(state, min, max)
    for (const { off, plays, side } of [min, max]) {
      for (let i = 0; i < off.length; i++) side.residual[i] = plays.has(i) ? off[i]! : 0
    }
    const levels = direct(state, [missing(min), missing(max)])
    for (const [s, player] of [min, max].entries()) {
      for (const i of player.plays) Exactly.addTo(player.point, i, player.side.pointStep[i]!)
      player.level = Exactly.add(player.level, levels[s]!)
    }
  }
  measure(state, min, max)
}

/** Stops playing what has come below 0, and plays what would do better; whether there was such. */
const exchange = ({ off, plays, point, sign }: Exact): boolean => {
  let changed = false
  for (let i = 0; i < off.length; i++) {
    const isWrong = plays.has(i) ? point.level[i]! < -1e-14 : sign * off[i]! < -1e-14
    if (!isWrong) continue
    changed = true
    if (!plays.delete(i)) plays.add(i)
  }
  return changed
}

/** Exchanges in turns that bring it about, or do not at all from where they began. */
const turns = 4

/**
 * The solution of a regularised game from an interior point of it, which stays as it is: Newton's method on what is played, until nothing
 * is that should not be, then a bound on the distance, by strong monotonicity. Where the interior point is not near enough, a large one.
 */
export const polish = (state: InteriorPoint): Pair => {
  const [min, max] = [exactly(state.min, 1), exactly(state.max, -1)]
  let isWrong = true
  for (let turn = 0; turn < turns && isWrong; turn++) {
    settle(state, min, max, 2)
    isWrong = [min, max].map(exchange).includes(true)
  }
  // more mends nothing where something else should be played
  if (!isWrong) settle(state, min, max, 5)
  for (const { point } of [min, max]) {
    for (let i = 0; i < point.level.length; i++) {
      if (point.level[i]! < 0) point.level[i] = point.rest[i] = 0
    }
  }
  measure(state, min, max)
  const rounding = 16 * Elementary.square(state.rows + state.columns) * unit * unit
  let square = 0
  for (const { off, point, sign } of [min, max]) {
    for (let i = 0; i < off.length; i++) {
      const wrong = point.level[i]! > 0 ? Math.abs(off[i]!) : Math.max(0, -sign * off[i]!)
      square += Elementary.square(wrong * (1 + 8 * unit) + rounding)
    }
  }
  const rest = Vector.norm(joined(min.point.rest, max.point.rest))
  return {
    min: min.point.level.slice(),
    max: max.point.level.slice(),
    distance:
      Theory.distanceFromResidual(Math.sqrt(square), 0, state.strength) +
      Math.abs(missing(min)) +
      Math.abs(missing(max)) +
      rest,
  }
}
