/** Transformed games, and the end points of a method on the original and the transformed game. */
import { Draw, Margin } from "@nonconvex/evidence"
import * as Vector from "@nonconvex/numerics/Vector"
import * as FeasibleSet from "@nonconvex/problems/FeasibleSet"
import { follow } from "./Follow.ts"
import { type Drawn, gameFields } from "./RandomProblem.ts"
import type { Subject } from "./Subject.ts"
import { answering, type Problem } from "../../problem/Problem.ts"

const methods = ["gradient", "extragradient", "optimisticGradient", "minimax"] as const

export const changedFields = {
  ...gameFields,
  method: Draw.oneOf(...methods),
  steps: Draw.integer(1, 40),
  /** A shift, or the exponent of a scale. */
  amount: Draw.integer(-4, 4),
}
type Changed = Drawn<typeof changedFields>

/** End point of a method; `scale` is that of the operator, `length` that of the arguments. */
export const endOf = (
  subject: Subject,
  { method, steps }: Changed,
  problem: Problem,
  start: Float64Array,
  scale = 1,
  length = 1,
): Float64Array => {
  if (method === "minimax") {
    const request = {
      gap: 0.5 * scale,
      distance: 2 * length,
      inexact: "start",
      delta: 0.5 * length,
    } as const
    return subject.minimax(problem, start, request).point
  }
  return follow(subject[method]((0.4 * length * length) / scale), problem, start, steps).point
}

export const same = (a: Float64Array, b: Float64Array): boolean =>
  a.every((x, i) => Object.is(x, b[i]))

export const near = (a: Float64Array, b: Float64Array): Margin.Comparison =>
  Margin.atMost(Vector.distance(a, b), 1e-8 * (1 + Vector.norm(b)))

/** `V(from(z))`, mapped by `back`, on another set. */
export const carried = (
  problem: Problem,
  options: {
    readonly from: (z: Float64Array) => Float64Array
    readonly back: (v: Float64Array) => Float64Array
    readonly feasible: FeasibleSet.FeasibleSet
    readonly smoothness?: number
    readonly dimensions?: Problem["dimensions"]
  },
): Problem => ({
  ...problem,
  ...options,
  form: undefined,
  operator: (z, out) => {
    problem.operator(options.from(z), out)
    out.set(options.back(out))
  },
})

/** Method that is applied to a transformed problem. */
export const posedAs =
  (change: (problem: Problem) => Problem, make: Subject["gradient"]): Subject["gradient"] =>
  (step) => {
    const scheme = make(step)
    return { ...scheme, init: (problem, start) => scheme.init(change(problem), start) }
  }

/** A subject that depends on the origin: it subtracts a small multiple of the point from every answer. */
export const remembersOrigin = (subject: Subject): Subject => {
  const away = (problem: Problem): Problem =>
    answering(problem, (answer, z) => {
      Vector.axpy(0.1, z, answer)
      answer[0] = answer[0]! + 0.01
    })
  return {
    ...subject,
    gradient: posedAs(away, subject.gradient),
    extragradient: posedAs(away, subject.extragradient),
    optimisticGradient: posedAs(away, subject.optimisticGradient),
    minimax: (problem, start, request) => subject.minimax(away(problem), start, request),
  }
}
