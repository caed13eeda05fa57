/** Bounds of the lemmas in exact arithmetic, for the accuracies and step counts of the algorithms. */
import { Exact } from "@nonconvex/evidence"
import * as Theory from "../../theory/Theory.ts"

const { add, divide, multiply, of, one, product, sqrt, square, sum } = Exact

const two = of(2)
const root2 = sqrt(two)

/** Numbers of an instance, and the parameters that the algorithms derive from them, as float64 numbers. */
export interface Constants {
  readonly D: number
  readonly L: number
  readonly T: number
  readonly l: number
  readonly r: number
  readonly eps: number
  /** Error of the gradients. */
  readonly delta: number
  /** Distance of the starts. */
  readonly apart: number
  readonly gap: number
  /** Accuracies. */
  readonly ofStart: number
  readonly ofGradient: number
  readonly ofGame: number
  readonly ofProximal: number
  /** Steps of the subproblems. */
  readonly acceleration: number
  readonly extragradient: number
  readonly inexactAcceleration: number
  readonly minimax: number
  readonly proximal: number
  /** A step of extragradient. */
  readonly small: number
}

const decay = (steps: number, rate: Exact.Value): Exact.Value =>
  Exact.exp(Exact.negate(multiply(of(steps), rate)))

const cube = (x: Exact.Value): Exact.Value => product(x, x, x)

/**
 * Residual and distance after a correction with beta = 4 l, from the squared distance before it, for a game of strength l
 * and smoothness 2 l.
 */
const corrected = (
  before: Exact.Value,
  { D, delta, l }: Readonly<Record<"D" | "delta" | "l", Exact.Value>>,
) => {
  const distance = sqrt(before)
  const noise = product(root2, delta, D, add(of(7), multiply(two, root2)))
  const half = divide(root2, of(4))
  return {
    residual: add(product(of(8), root2, l, D, distance), noise),
    distance: add(
      multiply(add(one, divide(root2, two)), distance),
      multiply(divide(delta, l), add(of("1/2"), half)),
    ),
  }
}

/** Bounds of the lemmas, in the order of the theorems. */
export const exactParts = (told: Constants): ReadonlyArray<Exact.Value> => {
  const { acceleration, extragradient, inexactAcceleration, minimax, proximal } = told
  const [D, L, T, l, r, eps] = [told.D, told.L, told.T, told.l, told.r, told.eps].map(of) as [
    Exact.Value,
    Exact.Value,
    Exact.Value,
    Exact.Value,
    Exact.Value,
    Exact.Value,
  ]
  const [delta, apart, small] = [of(told.delta), of(told.apart), of(told.small)]
  const [ofStart, ofGradient] = [of(told.ofStart), of(told.ofGradient)]
  const [ofGame, ofProximal] = [of(told.ofGame), of(told.ofProximal)]
  const space = square(D)
  const noise = square(divide(delta, l))
  const gapFrom = (strength: Exact.Value) => product(add(divide(l, two), strength), space)
  /** Deviation from starts that are apart, and from two answers at that distance from the solution. */
  const deviation = (accuracy: Exact.Value, times: Exact.Value = two) =>
    square(add(apart, multiply(times, sqrt(accuracy))))
  const start = multiply(two, space)
  const game = corrected(
    add(multiply(decay(minimax, of("1/16")), start), multiply(of(16), noise)),
    { D, delta, l },
  )
  const point = corrected(
    add(multiply(decay(proximal, of("1/32")), start), multiply(of("9/4"), noise)),
    { D, delta, l },
  )
  const residual = sum(multiply(of(8), sqrt(of(6))), multiply(of(7), root2), of(4))
  const limit = of(Theory.proximalErrorLimit(told.eps, told.D))
  const expanded = product(two, L, square(l), cube(small), T)
  const step = of(Theory.descentAscentStep(told.l, 1e6))
  const stochastic = of(Theory.stochasticStep(told.l, told.gap, told.T))
  return [
    deviation(divide(multiply(two, ofStart), r)),
    multiply(gapFrom(r), decay(acceleration, sqrt(divide(r, add(l, r))))),
    add(
      multiply(decay(inexactAcceleration, divide(one, multiply(two, root2))), gapFrom(l)),
      product(root2, of("5/2"), l, noise),
    ),
    divide(multiply(of(8), ofGradient), r),
    add(ofGradient, product(divide(r, two), space)),
    deviation(divide(ofGame, r)),
    add(multiply(r, space), ofGame),
    product(
      divide(of(15), root2),
      add(l, r),
      D,
      sqrt(multiply(decay(extragradient, divide(r, multiply(of(8), add(l, r)))), start)),
    ),
    game.residual,
    multiply(of(4), square(game.distance)),
    add(divide(multiply(l, space), T), ofProximal),
    deviation(divide(ofProximal, l), multiply(two, T)),
    point.residual,
    multiply(of(4), square(point.distance)),
    add(divide(eps, two), product(residual, limit, D)),
    Exact.power(add(one, square(multiply(step, l))), { numerator: 1_000_000n, denominator: 1n }),
    expanded,
    square(add(apart, expanded)),
    product(two, Exact.exp(one), square(delta), T, square(stochastic)),
  ]
}
