/** Bounds as theorems: multipliers in fractions, with which anyone can check them in integer arithmetic alone. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Schema from "effect/Schema"
import { doubles, fractions } from "../estimation/Field.ts"
import {
  performanceEstimation,
  type PerformanceEstimation,
} from "../estimation/PerformanceEstimation.ts"
import { program } from "../estimation/Program.ts"
import { type Options, worstCase } from "../estimation/WorstCase.ts"
import * as Rational from "@nonconvex/numerics/Rational"
import { NotCertified } from "../method/Failures.ts"
import { Method } from "../method/Method.ts"
import * as Semidefinite from "../semidefinite/Semidefinite.ts"
import * as Essential from "./Essential.ts"
import * as Face from "./Face.ts"
import { minimal } from "./Minimal.ts"
import * as Proof from "./Proof.ts"

/**
 * Certificate that no function of these classes exceeds the bound. The conditions of the method, each times its multiplier, sum
 * to the measure minus the bound plus squares. Numbers are fractions as text. Version 2 writes a condition as an inequality;
 * version 1 wrote a name, which several conditions may share.
 */
export const Certificate = Schema.Struct({
  certificate: Schema.Literal("worst case"),
  version: Schema.Literals([1, 2]),
  method: Method,
  measure: Schema.String,
  bound: Schema.String,
  multipliers: Schema.Array(
    Schema.Struct({ index: Schema.Int, condition: Schema.String, multiplier: Schema.String }),
  ),
})
export type Certificate = typeof Certificate.Type

/** Tolerance of the solver when a bound in fractions is derived from its result. */
const finest = 1e-13

/** Shares of the interior multipliers to try, so that rounding leaves the slack matrix positive semidefinite. */
const shares = [1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4]

/** Rounding grids of interior multipliers, relative to the smallest; fewer digits are tried first. */
const coarseness = [1e-1, 1e-2, 1e-4, 1e-6]

/** Denominator of rounded multipliers. */
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
  readonly kernel: Face.Face["kernel"]
  readonly multipliers: ReadonlyMap<number, Rational.Rational>
  readonly bound: Rational.Rational
}

/** A model in both arithmetics, with its slack matrices. */
interface Known {
  readonly model: PerformanceEstimation<Rational.Rational>
  readonly face: Face.Face
  readonly options: Semidefinite.Options & { readonly kernels: Kernels.Kernels }
}

const attempt = (
  { face, model }: Known,
  rounded: ReadonlyMap<number, Rational.Rational>,
  bound?: Rational.Rational,
): Proved | undefined => {
  const multipliers = Proof.restore(model, rounded, face.kernel, bound)
  if (multipliers === undefined) return undefined
  const combined = Proof.combine(model, multipliers)
  return Proof.squares(combined) && { kernel: face.kernel, multipliers, bound: combined.bound }
}

/** A proof of exactly this bound from some conditions, with multipliers in the interior of all that prove it. */
const tight = (
  known: Known,
  problem: Semidefinite.Problem,
  bound: Rational.Rational,
  conditions: ReadonlyArray<number>,
): Proved | undefined => {
  const { constant } = known.model.objective
  const above = Rational.toNumber(Rational.subtract(bound, constant))
  for (const reading of Face.readings) {
    const face = Face.directions(problem, known.options.kernels, reading, {
      face: { ...known.face, kept: conditions },
      bound: above,
    })
    const { interior, kept } = face
    if (interior === undefined) continue
    const least = interior.reduce((size, value) => Math.min(size, value), Infinity)
    for (const coarse of coarseness) {
      const rounded = new Map(
        [...interior].map((value, i) => [kept[i]!, Rational.near(value, coarse * least)] as const),
      )
      const proved = attempt({ ...known, face }, rounded, bound)
      if (proved !== undefined) return proved
    }
  }
  return undefined
}

/** A proof of a slightly larger bound: the best multipliers of a face mixed with a few of the interior ones. */
const inside = (known: Known): Proved | undefined => {
  const { interior, kept, problem } = known.face
  if (interior === undefined) return undefined
  const answer = Semidefinite.solve(problem, { ...known.options, tolerance: finest })
  if (!("multipliers" in answer) || answer.status === "infeasible") return undefined
  for (const share of shares) {
    const rounded = new Map(
      kept.flatMap((k, i) => {
        const value = (1 - share) * Math.max(0, -answer.multipliers[i]!) + share * interior[i]!
        const whole = Math.round(value * grid)
        return whole === 0 ? [] : [[k, Rational.make(BigInt(whole), BigInt(grid))] as const]
      }),
    )
    const proved = attempt(known, rounded)
    if (proved !== undefined) return { ...proved, bound: roundUp(proved.bound, 10) }
  }
  return undefined
}

/** A proof of a slightly larger bound, from the essential conditions unless all of them prove a smaller one. */
const nearly = (
  known: Known,
  problem: Semidefinite.Problem,
  essential: ReadonlyArray<number>,
): Proved | undefined => {
  const { face, options } = known
  const fromAll = inside(known)
  if (essential.length === face.kept.length) return fromAll
  const within = { face: { ...face, kept: essential } }
  const [reading] = Face.readings
  const few = Face.directions(problem, options.kernels, reading, within)
  const fromFew = inside({ ...known, face: few })
  if (fromAll === undefined || fromFew === undefined) return fromAll ?? fromFew
  return Rational.compare(fromFew.bound, fromAll.bound) <= 0 ? fromFew : fromAll
}

/** Factor from the solver's residual and gap to the error of its bound: multipliers and instances may have sizes up to this. */
const trust = 20

/** Largest accepted probability that an arbitrary number is this close to such a simple fraction by chance. */
const chance = 0.1

/** Tolerance between the bound on a face and the bound from all conditions; a wrong face exceeds it. */
const sameBound = 1e-6

/**
 * The best proof on a face. It proves the bound itself if that is a simple fraction, preferably from few conditions; else it
 * proves a slightly larger bound. Undefined if there is none near the solver's bound.
 */
const prove = (
  known: Known,
  problem: Semidefinite.Problem,
  expected: number,
): Proved | undefined => {
  const answer = Semidefinite.solve(known.face.problem, { ...known.options, tolerance: finest })
  if (!("multipliers" in answer) || answer.status === "infeasible") return undefined
  const { dualObjective, dualResidual, gap } = answer
  const bound = Rational.toNumber(known.model.objective.constant) - dualObjective
  if (!(Math.abs(bound - expected) <= sameBound * (1 + Math.abs(expected)))) return undefined
  const error = trust * Math.max(finest, dualResidual, gap) * (1 + Math.abs(bound))
  const fraction = Rational.near(bound, error)
  const isSimple = error * sizeOf(fraction) * sizeOf(fraction) < chance
  const exactly = (conditions: ReadonlyArray<number>) => tight(known, problem, fraction, conditions)
  const essential = Essential.conditions(known.face, known.options)
  return (
    (isSimple ? (exactly(essential) ?? exactly(known.face.kept)) : undefined) ??
    nearly(known, problem, essential)
  )
}

const sizeOf = ({ denominator }: Rational.Rational): number =>
  Rational.toNumber(Rational.make(denominator, 1n))

/**
 * Worst case of a method as a theorem. The bound is the worst case itself if that is a simple fraction; otherwise it is slightly
 * larger, rounded up to ten digits. Throws the errors of `worstCase`, and NotCertified.
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
  const { kernels = Kernels.standard(), onStep, tolerance = 1e-10 } = options
  const estimate = worstCase(method, { kernels, tolerance, onStep })
  const model = performanceEstimation(fractions, method)
  const { conditions } = model
  const differs = estimate.multipliers.findIndex(
    ({ condition }, i) => condition !== conditions[i]?.inequality,
  )
  if (differs !== -1 || estimate.multipliers.length !== conditions.length) {
    throw new NotCertified({
      bound: estimate.bound,
      reason:
        "points that coincide in double precision differ as fractions: write rates as fractions",
    })
  }
  const problem = program(performanceEstimation(doubles, method))
  const known = { model, options: { kernels, tolerance, onStep, isHasty: false } }
  let found: Proved | undefined
  for (const reading of Face.readings) {
    const face = Face.directions(problem, kernels, reading)
    found = prove({ ...known, face }, problem, estimate.bound)
    if (found !== undefined) break
  }
  if (found === undefined) {
    throw new NotCertified({
      bound: estimate.bound,
      reason: "no rounding of the multipliers leaves the slack matrix positive semidefinite",
    })
  }
  return {
    certificate: "worst case",
    version: 2,
    method,
    measure: model.measure,
    bound: Rational.toText(found.bound),
    multipliers: [...minimal(model, found.kernel, found.bound, found.multipliers)]
      .toSorted(([a], [b]) => a - b)
      .map(([index, value]) => ({
        index,
        condition: conditions[index]!.inequality,
        multiplier: Rational.toText(value),
      })),
  }
}
