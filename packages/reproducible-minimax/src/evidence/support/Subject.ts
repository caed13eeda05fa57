/** Subject of the laws of this package: yours as well as ours, see `laws`. */
import {
  accelerated,
  acceleratedStronglyConvex,
  inexactAccelerated,
} from "../../methods/AcceleratedGradient.ts"
import { ditheredRounding } from "../../solve/DitheredRounding.ts"
import { extragradient } from "../../methods/Extragradient.ts"
import { optimisticGradient } from "../../methods/OptimisticGradient.ts"
import { inexactProximalPoint } from "../../algorithms/InexactProximalPoint.ts"
import { type Problem, regularised, sizeOf } from "../../problem/Problem.ts"
import { projectedGradient } from "../../methods/GradientDescentAscent.ts"
import { regularisedMinimax } from "../../algorithms/RegularisedMinimax.ts"
import { regularisedMinimisation } from "../../algorithms/RegularisedMinimisation.ts"
import type { Scheme } from "../../methods/Scheme.ts"
import type { Request, Solution, Stop } from "../../algorithms/Solution.ts"
import type * as Seed from "@nonconvex/numerics/Seed"

type Solved = Pick<Solution, "point" | "steps">

type Solver<More = object, Found extends Solved = Solved> = (
  problem: Problem,
  start: Float64Array,
  request: Request & More,
) => Found

export interface Subject {
  /** Gradient descent, and simultaneous gradient descent-ascent. */
  readonly gradient: (step: number) => Scheme
  /** Accelerated gradient descent for smooth convex objectives. */
  readonly accelerated: (smoothness: number) => Scheme
  /** The same for strongly convex ones, with exact gradients and with inexact ones. */
  readonly acceleratedStronglyConvex: (smoothness: number, strongConvexity: number) => Scheme
  readonly inexactAccelerated: (smoothness: number, strongConvexity: number) => Scheme
  /** Extragradient; its candidates are the half steps, and its average is theirs. */
  readonly extragradient: (step: number) => Scheme
  readonly optimisticGradient: (step: number) => Scheme
  /** The solution of a problem regularised around `center`, to a distance of `accuracy`. */
  readonly regularised: (
    problem: Problem,
    center: Float64Array,
    strength: number,
    accuracy: number,
  ) => Float64Array
  /** Algorithms 1, 2 and 3. */
  readonly minimisation: Solver<{ readonly stop?: Stop }>
  readonly minimax: Solver
  /** `steps` are the outer steps, by default those of the theorem; `last` is the last iterate, `point` the mean of all. */
  readonly proximalPoint: Solver<
    { readonly steps?: number },
    Solved & { readonly last: Float64Array }
  >
  /** Dithered rounding to a grid of a width, with the same shift for everyone with the seed. */
  readonly rounding: (
    point: Float64Array,
    options: { readonly seed: Seed.Seed; readonly width: number },
  ) => { readonly point: Float64Array }
}

/** The implementation of this package. */
export const reproducibleMinimax: Subject = {
  gradient: (step) => projectedGradient({ step }),
  accelerated: (smoothness) => accelerated({ smoothness }),
  acceleratedStronglyConvex: (smoothness, strongConvexity) =>
    acceleratedStronglyConvex({ smoothness, strongConvexity }),
  inexactAccelerated: (smoothness, strongConvexity) =>
    inexactAccelerated({ smoothness, strongConvexity }),
  extragradient: (step) => extragradient({ step }),
  optimisticGradient: (step) => optimisticGradient({ step }),
  /** Extragradient until the residual proves the accuracy, or rounding stops its decrease. */
  regularised: (problem, center, strength, accuracy) => {
    const whole = regularised(problem, strength, center)
    const scheme = extragradient({ step: 0.5 / whole.smoothness })
    const state = scheme.init(whole, center)
    const limit = 10 * ((100 * whole.smoothness) / strength + 200)
    const target = Math.max(1e-15 * Math.sqrt(sizeOf(problem)), strength * accuracy)
    while (state.residual > target && state.steps < limit) scheme.step(state)
    return state.candidate.slice()
  },
  minimisation: regularisedMinimisation,
  minimax: regularisedMinimax,
  proximalPoint: inexactProximalPoint,
  rounding: ditheredRounding,
}

/** Control of a law: the subject with one part replaced. */
export const mutant = (name: string, change: (subject: Subject) => Partial<Subject>) => ({
  name,
  subject: (subject: Subject): Subject => ({ ...subject, ...change(subject) }),
})
