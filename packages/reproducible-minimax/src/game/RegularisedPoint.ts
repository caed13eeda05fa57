/** The one point of a regularised game, to the last digits, with a certificate. Derived here. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Vector from "@nonconvex/numerics/Vector"
import * as Theory from "../theory/Theory.ts"
import { joined, type Pair, played } from "./Equilibrium.ts"
import * as Exactly from "../numbers/Exactly.ts"
import * as InteriorPoint from "./InteriorPoint.ts"
import type * as State from "./InteriorPointState.ts"
import { direct, factorise } from "./Newton.ts"

const unit = 2 ** -53

/** Value below 0 that still counts as rounding. */
const leastWrong = -1e-14
/** Start from a point at which almost no weight lies on strategies outside the support. */
const mostExchanges = 4

/** A player's strategy and level in two parts, the centre of the regularisation, and the residual of each pure strategy. */
interface Exact {
  readonly sign: 1 | -1
  readonly center: number
  readonly point: Exactly.Parts<Float64Array>
  level: Exactly.Parts<number>
  readonly off: Float64Array
}

/** Player during the iteration: the support, the losses of other strategies, and the start of the last solve. */
interface Player extends Exact {
  readonly plays: Set<number>
  readonly slack: Float64Array
  readonly begun: Float64Array
}

type Game = Pick<State.InteriorPoint, "columns" | "kernels" | "matrix" | "rows" | "strength">

const playerOf = (side: State.InteriorPoint["min"], sign: 1 | -1): Player => {
  const plays = new Set(played(side))
  const size = side.point.length
  return {
    sign,
    center: 1 / size,
    point: {
      level: side.point.map((p, i) => (plays.has(i) ? p : 0)),
      rest: new Float64Array(size),
    },
    level: { level: side.level, rest: 0 },
    off: new Float64Array(size),
    plays,
    slack: side.slack.map((s, i) => (plays.has(i) ? 0 : s)),
    begun: new Float64Array(size),
  }
}

const measure = (
  { columns, matrix, rows, strength }: Pick<Game, "columns" | "matrix" | "rows" | "strength">,
  min: Exact,
  max: Exact,
) => {
  for (const [mine, theirs] of [
    [min, max],
    [max, min],
  ] as const) {
    const { center, level, off, point, sign } = mine
    const sum = Exactly.zeros(off.length)
    for (let i = 0; i < off.length; i++) {
      const apart = Exactly.add({ level: point.level[i]!, rest: point.rest[i]! }, -center)
      sum.level[i] = -level.level
      sum.rest[i] = sign * strength * apart.rest - level.rest
      Exactly.addTo(sum, i, sign * strength * apart.level)
    }
    Exactly.addProduct(mine === max, rows, columns, matrix, theirs.point, sum)
    for (let i = 0; i < off.length; i++) off[i] = sum.level[i]! + sum.rest[i]!
  }
}

/** Deficit of a player's probabilities from the sum 1. */
const missing = ({ point: { level, rest } }: Exact): number => {
  let total: Exactly.Parts<number> = { level: -1, rest: 0 }
  for (let i = 0; i < level.length; i++) {
    total = Exactly.add(Exactly.add(total, level[i]!), rest[i]!)
  }
  return -(total.level + total.rest)
}

/** Newton's method on the support: the equations are linear, so steps after the first correct rounding only. */
const settle = (game: Game, min: Player, max: Player, steps: number): void => {
  const { columns, kernels, matrix, strength } = game
  kernels.arena.scoped((workspace) => {
    const [I, J] = [[...min.plays], [...max.plays]]
    const small = workspace.f64(I.length * J.length)
    let next = 0
    for (const i of I) for (const j of J) small[next++] = matrix[i * columns + j]!
    const state = InteriorPoint.begin({
      matrix: small,
      rows: I.length,
      columns: J.length,
      strength,
      kernels,
      workspace,
    })
    const sides = [
      [min, I, state.min],
      [max, J, state.max],
    ] as const
    const [first, second] = sides.map(([player, places, { diagonal, drive, residual }]): Exact => {
      diagonal.fill(strength)
      drive.fill(0)
      const { level, rest } = player.point
      const of = (all: Float64Array) => Float64Array.from(places, (i) => all[i]!)
      const { center, level: value, sign } = player
      return {
        sign,
        center,
        level: value,
        point: { level: of(level), rest: of(rest) },
        off: residual,
      }
    }) as [Exact, Exact]
    if (!factorise(state)) return
    for (let k = 0; k < steps; k++) {
      measure(state, first, second)
      const levels = direct(state, [missing(first), missing(second)])
      for (const [s, player] of [first, second].entries()) {
        const { pointStep } = sides[s]![2]
        for (let i = 0; i < pointStep.length; i++) Exactly.addTo(player.point, i, pointStep[i]!)
        player.level = Exactly.add(player.level, levels[s]!)
      }
    }
    for (const [s, { level, point }] of [first, second].entries()) {
      const [player, places] = sides[s]!
      player.level = level
      for (const [k, i] of places.entries()) {
        player.point.level[i] = point.level[k]!
        player.point.rest[i] = point.rest[k]!
      }
    }
  })
}

/** Residual of every pure strategy, to the digits of the payoffs. */
const survey = ({ columns, kernels, matrix, rows, strength }: Game, min: Player, max: Player) => {
  kernels.gemv(false, rows, columns, 1, matrix, max.point.level, 0, min.off)
  kernels.gemv(true, rows, columns, 1, matrix, min.point.level, 0, max.off)
  for (const { center, level, off, point, sign } of [min, max]) {
    for (let i = 0; i < off.length; i++) {
      off[i]! += sign * strength * (point.level[i]! - center) - level.level
    }
  }
}

/**
 * Moves from the start towards the solution as long as nothing becomes negative, then exchanges the first blocking strategy;
 * returns whether there was one. The start solves a game with extra payments to pure strategies, and the path to the end
 * solves games with smaller payments.
 */
const exchange = (players: readonly [Player, Player]): boolean => {
  let length = 1
  let first: readonly [Player, number] | undefined
  for (const player of players) {
    const { begun, off, plays, point, sign, slack } = player
    for (let i = 0; i < off.length; i++) {
      const [from, to] = plays.has(i) ? [begun[i]!, point.level[i]!] : [slack[i]!, sign * off[i]!]
      if (to >= leastWrong) continue
      const until = from / (from - to)
      if (until < length) [length, first] = [until, [player, i]]
    }
  }
  if (first === undefined) return false
  for (const { begun, off, plays, point, sign, slack } of players) {
    for (let i = 0; i < off.length; i++) {
      if (plays.has(i)) {
        point.level[i] = begun[i]! + length * (point.level[i]! - begun[i]!)
        point.rest[i] = 0
      } else slack[i] = Math.max(0, slack[i]! + length * (sign * off[i]! - slack[i]!))
    }
  }
  const [{ plays, point, slack }, i] = first
  slack[i] = point.level[i] = 0
  if (!plays.delete(i)) plays.add(i)
  return true
}

/**
 * Solution of a regularised game from a point near it, which is not modified. Newton's method runs on the support, with a
 * few exchanges of strategies. Strong monotonicity then bounds the distance of the result. If the point is not near enough,
 * that bound is large.
 */
export const polish = (state: State.InteriorPoint): Pair => {
  const [min, max] = [playerOf(state.min, 1), playerOf(state.max, -1)]
  let isWrong = true
  for (let k = 0; k <= mostExchanges && isWrong; k++) {
    for (const { begun, point } of [min, max]) begun.set(point.level)
    settle(state, min, max, 2)
    survey(state, min, max)
    isWrong = exchange([min, max])
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
