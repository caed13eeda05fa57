/**
 * Inexact proximal steps and epsilon-subgradients of convex functions.
 *
 * A. Brondsted, R. Rockafellar, On the subdifferentiability of convex functions, 1965; M. Barre, A. Taylor, F. Bach, Principled
 * analyses and design of first-order methods with inexact proximal operators, 2020, for criteria I to III.
 */
import * as Rational from "@nonconvex/numerics/Rational"
import { InvalidMethod } from "../method/Failures.ts"
import type { Simple } from "../method/Method.ts"
import type { Combination, Expression } from "./Expression.ts"
import { readNumber } from "./Numbers.ts"
import type { Run } from "./Run.ts"
import type { Samples } from "./Samples.ts"
import type { Named } from "./Trace.ts"

type Prox = Extract<Simple, { prox: string }>
type Gradient = Extract<Simple, { gradient: string; at: string }>

export const isInexact = ({ criterion, dual, error }: Prox): boolean =>
  criterion !== undefined || error !== undefined || dual !== undefined

/** The function, if it is convex. */
const convex = <T>(run: Run<T>, place: string, name: string): Samples<T> => {
  const samples = run.function(place, name)
  if (samples.of.isConvex === true) return samples
  throw new InvalidMethod({ place, problem: `"${name}" is not a convex function or set` })
}

/** Value at a point minus the value of the tangent at another sample: the epsilon of its gradient at the point. */
const excess = <T>(
  { algebra }: Run<T>,
  at: { readonly point: Combination<T>; readonly value: Expression<T> },
  tangent: ReturnType<Samples<T>["with"]>,
): Expression<T> => {
  const { negate, one } = algebra.field
  return algebra.sum(
    [one, at.value],
    [negate(one), tangent.value],
    [negate(one), algebra.inner(tangent.gradient, algebra.minus(at.point, tangent.point))],
  )
}

/** Proximal step whose primal-dual gap is bounded, or named for a bound in `given`. */
export const inexactProx = <T>(
  run: Run<T>,
  place: string,
  step: Prox,
  { from, rate, suffix }: { readonly from: Named<T>; readonly rate: T; readonly suffix: string },
): void => {
  const { algebra, trace, unknowns } = run
  const { divide, negate, one } = algebra.field
  const { criterion = "II", dual, error, of, prox } = step
  const half = algebra.field.from(Rational.make(1n, 2n))
  const label = trace.next(`${prox}${suffix}`)
  const dualLabel = `dual of ${label}`
  const samples =
    criterion === "II" ? run.differentiable(`${place}.of`, of) : convex(run, `${place}.of`, of)
  const gradient = (at: string) => {
    const name = unknowns.free(samples.gradientAt(at))
    return { name, vector: unknowns.vector(name) }
  }
  const stepped = (): { v: Combination<T>; x: Combination<T>; gap: Expression<T> } => {
    if (criterion === "II") {
      const { name, vector: v } = gradient(label)
      const off = unknowns.vector(unknowns.free(`error of ${label}`))
      const x = algebra.combine([one, from.vector], [negate(rate), v], [one, off])
      samples.with(x, v, label, name)
      return { v, x, gap: algebra.sum([half, algebra.square(off)]) }
    }
    const w = run.unknown(dualLabel)
    const x = run.unknown(label)
    const value = samples.valueAt(x, label)
    if (criterion === "III") {
      const share = divide(one, rate)
      const v = algebra.combine([share, from.vector], [negate(share), x])
      const tangent = samples.with(w, v, dualLabel)
      return { v, x, gap: algebra.sum([rate, excess(run, { point: x, value }, tangent)]) }
    }
    const { name, vector: v } = gradient(dualLabel)
    const tangent = samples.with(w, v, dualLabel, name)
    const off = algebra.combine([one, x], [negate(one), from.vector], [rate, v])
    return {
      v,
      x,
      gap: algebra.sum(
        [half, algebra.square(off)],
        [rate, excess(run, { point: x, value }, tangent)],
      ),
    }
  }
  const { gap, v, x } = stepped()
  trace.set(`${prox}${suffix}`, x, "point")
  if (dual !== undefined) trace.set(`${dual}${suffix}`, v, "difference")
  run.inexactness.set(label, gap)
  if (error === undefined) return
  const [kind, value] =
    "relative" in error
      ? (["relative", error.relative] as const)
      : (["absolute", error.absolute] as const)
  const size = readNumber(`${place}.error.${kind}`, value)
  const limit = Rational.multiply(Rational.multiply(size, size), Rational.make(1n, 2n))
  const moved = algebra.square(algebra.minus(x, from.vector))
  const text = Rational.toText(limit)
  run.conditions.push({
    inequality: `inexactness of ${label} <= ${text}${kind === "relative" ? ` |${label} - ${from.label}|^2` : ""}`,
    name: `${kind} inexactness of ${label}`,
    expression: algebra.sum(
      [one, gap],
      [negate(algebra.field.from(limit)), kind === "relative" ? moved : algebra.constant(one)],
    ),
  })
}

/** An epsilon-subgradient g at x: the subgradient at another point y, with `f(x) - f(y) - <g, x - y>` at most epsilon. */
export const epsilonSubgradient = <T>(
  run: Run<T>,
  place: string,
  { at, gradient, of }: Gradient,
  epsilon: number | string,
  suffix: string,
): void => {
  const { algebra, trace, unknowns } = run
  const { negate, one } = algebra.field
  const point = trace.point(`${place}.at`, at, suffix)
  const samples = convex(run, `${place}.of`, of)
  const limit = readNumber(`${place}.epsilon`, epsilon)
  const value = samples.valueAt(point.vector, point.label)
  const label = trace.next(`${gradient}${suffix}`)
  const dualLabel = `dual of ${label}`
  const y = run.unknown(dualLabel)
  const name = unknowns.free(samples.gradientAt(dualLabel))
  const g = unknowns.vector(name)
  const tangent = samples.with(y, g, dualLabel, name)
  const found = excess(run, { point: point.vector, value }, tangent)
  trace.set(`${gradient}${suffix}`, g, "difference")
  run.inexactness.set(label, found)
  run.conditions.push({
    inequality: `inexactness of ${label} <= ${Rational.toText(limit)}`,
    name: `absolute inexactness of ${label}`,
    expression: algebra.sum(
      [one, found],
      [negate(algebra.field.from(limit)), algebra.constant(one)],
    ),
  })
}
