/** Bounds as theorems: multipliers in fractions with which anybody can check them, by whole numbers alone. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Schema from "effect/Schema"
import { doubles, fractions } from "../estimation/Field.ts"
import { interpret, type Model } from "../estimation/Interpret.ts"
import { program } from "../estimation/Program.ts"
import { type Options, worstCase } from "../estimation/WorstCase.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { NotCertified } from "../method/Failures.ts"
import { Method } from "../method/Method.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"
import * as Essential from "./Essential.ts"
import * as Face from "./Face.ts"
import * as Proof from "./Proof.ts"

/**
 * "Nothing of these classes comes above the bound": the conditions of the method, each times its multiplier, sum to the measure minus the
 * bound plus squares. Numbers are fractions as text.
 */
export const Certificate = Schema.Struct({
  certificate: Schema.Literal("worst case"),
  version: Schema.Literal(1),
  method: Method,
  measure: Schema.String,
  bound: Schema.String,
  multipliers: Schema.Array(
    Schema.Struct({ index: Schema.Int, condition: Schema.String, multiplier: Schema.String }),
  ),
})
export type Certificate = typeof Certificate.Type

/** What a fraction may be off the multiplier of the solver: small denominators are tried before larger ones. */
const roundings = [1e-6, 1e-8]

/** How far, relative to it, a bound may be above the one of the solver and still be taken for the worst case itself. */
const closeness = 1e-9

/** How much of the identity is added to the slack matrix, so that rounding leaves it positive semidefinite. */
const margins = [1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4]

/** The denominator of rounded multipliers. */
const grid = 2 ** 44

/** The first n digits of a fraction, rounded up. */
const roundUp = (value: Rational.Rational, digits: number): Rational.Rational => {
  const exponent =
    Math.floor(Elementary.log10(Math.abs(Rational.toNumber(value)) || 1)) + 1 - digits
  const scale = 10n ** BigInt(Math.abs(exponent))
  const unit = exponent < 0 ? Rational.make(1n, scale) : Rational.make(scale, 1n)
  const { denominator, numerator } = Rational.divide(value, unit)
  const floor = numerator / denominator - (numerator % denominator < 0n ? 1n : 0n)
  const whole = floor * denominator === numerator ? floor : floor + 1n
  return Rational.multiply(Rational.make(whole, 1n), unit)
}

interface Proved {
  readonly multipliers: ReadonlyMap<number, Rational.Rational>
  readonly bound: Rational.Rational
}

/** A model in both arithmetics, and what is known of its slack matrices. */
interface Known {
  readonly model: Model<Rational.Rational>
  readonly problem: Semidefinite.Problem
  readonly face: Face.Face
  readonly options: Options & { readonly kernels: Kernels.Kernels }
}

const attempt = (
  { face, model }: Known,
  rounded: ReadonlyMap<number, Rational.Rational>,
): Proved | undefined => {
  const multipliers = Proof.restore(model, rounded, face.kernel)
  if (multipliers === undefined) return undefined
  const combined = Proof.combine(model, multipliers)
  return Proof.squares(combined) && { multipliers, bound: combined.bound }
}

/** Fractions with the least denominators near to the multipliers of few conditions: what a closed form would have. */
const guess = (known: Known, bound: number): Proved | undefined => {
  const multipliers = Essential.multipliers(known.problem, known.face.kept, known.options)
  const most = multipliers.reduce((size, [, value]) => Math.max(size, value), 1)
  for (const rounding of roundings) {
    const rounded = new Map(
      multipliers.map(([i, value]) => [i, Rational.near(value, rounding * most)] as const),
    )
    const proved = attempt(known, rounded)
    if (proved === undefined) continue
    const above = Rational.toNumber(proved.bound) - bound
    if (above <= closeness * Math.max(Math.abs(bound), 1e-3)) return proved
  }
  return undefined
}

/** Multipliers of the measure with a little more of every square, rounded to a grid. */
const inside = (known: Known): Proved | undefined => {
  const { face, options } = known
  const problem = Essential.restricted(known.problem, face.kept)
  const size = problem.cost.reduce((most, c) => Math.max(most, Math.abs(c)), 1e-12)
  for (const margin of margins) {
    const cost = problem.cost.slice()
    face.complement.forEach((value, i) => {
      cost[i] = cost[i]! - margin * size * value
    })
    const answer = Semidefinite.solve({ ...problem, cost }, options)
    if (!("multipliers" in answer) || answer.status === "infeasible") continue
    const rounded = new Map(
      [...answer.multipliers].flatMap((y, i) => {
        const value = Math.round(Math.max(0, -y) * grid)
        return value === 0
          ? []
          : [[face.kept[i]!, Rational.make(BigInt(value), BigInt(grid))] as const]
      }),
    )
    const proved = attempt(known, rounded)
    if (proved !== undefined) return { ...proved, bound: roundUp(proved.bound, 10) }
  }
  return undefined
}

/**
 * The worst case of a method as a theorem. Its bound is the worst case itself where the multipliers are simple fractions, else above it by
 * a little, rounded up to ten digits. Throws as `worstCase`, and NotCertified.
 *
 * @example
 * ```ts import.meta.vitest
 * import { certify, Methods } from "@nonconvex/worst-case"
 *
 * const f = { class: "smooth-convex", L: 1 }
 * certify(Methods.gradientDescent({ steps: 1, rate: 1, class: f })).bound // => "1/6"
 * ```
 */
export const certify = (method: Method, options: Options = {}): Certificate => {
  const { kernels = Kernels.standard(), tolerance = 1e-10 } = options
  const estimate = worstCase(method, { kernels, tolerance })
  const model = interpret(fractions, method)
  const { conditions } = model
  const differs = estimate.multipliers.findIndex(
    ({ condition }, i) => condition !== conditions[i]?.name,
  )
  if (differs !== -1 || estimate.multipliers.length !== conditions.length) {
    throw new NotCertified({
      bound: estimate.bound,
      reason: "points that are one in doubles are two in fractions: write rates as fractions",
    })
  }
  const problem = program(interpret(doubles, method))
  const known = {
    model,
    problem,
    face: Face.directions(problem, kernels),
    options: { kernels, tolerance },
  }
  const found = guess(known, estimate.bound) ?? inside(known)
  if (found === undefined) {
    throw new NotCertified({
      bound: estimate.bound,
      reason: "no rounding of the multipliers leaves the slack matrix positive semidefinite",
    })
  }
  return {
    certificate: "worst case",
    version: 1,
    method,
    measure: model.measure,
    bound: Rational.toText(found.bound),
    multipliers: [...found.multipliers]
      .filter(([, value]) => !Rational.isZero(value))
      .toSorted(([a], [b]) => a - b)
      .map(([index, value]) => ({
        index,
        condition: conditions[index]!.name,
        multiplier: Rational.toText(value),
      })),
  }
}
