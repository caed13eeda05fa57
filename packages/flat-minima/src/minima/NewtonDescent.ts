/** Descent from the end of training to a minimum: Newton's method by conjugate gradients, out of saddles and along kinks. */
import * as Kernels from "@nonconvex/numerics/Kernels"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import * as Require from "@nonconvex/numerics/Require"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import * as HessianVector from "@nonconvex/problems/HessianVector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import { alongKinks } from "./AlongKinks.ts"

/**
 * Reason for the end of a descent. `minimum`: the gradient is small and no curvature is negative. `enough`: the loss fell by
 * more than requested. `kink`: the gradient jumps, as where ReLU units switch, and a round along the kinks lowers the loss too
 * little. `not finite`: the loss or its gradient overflowed. `budget`: the gradients ran out.
 */
export const End = Schema.Literals(["minimum", "enough", "kink", "not finite", "budget"])
export type End = typeof End.Type

export interface Descent {
  readonly end: End
  readonly point: Float64Array
  readonly loss: number
  readonly gradientNorm: number
  /** Number of gradients; a Hessian product counts as two. */
  readonly gradients: number
}

export interface DescentOptions {
  /** Approximate budget of gradients; a Hessian product counts as two. */
  readonly gradients: number
  /** Gradient norm of a minimum; default 1e-6. */
  readonly tolerance?: number
  /** The descent ends when the loss has decreased by more than this; default Infinity. */
  readonly enough?: number
  /** At kinks, the descent ends when a round of some thousand gradients lowers the loss by less than this; default 1e-4. */
  readonly negligible?: number
  readonly seed: Seed.Seed
  /** Default the strict kernels of this thread. */
  readonly kernels?: Kernels.Kernels
  /** Called at every step. */
  readonly onStep?: (now: Omit<Descent, "end" | "point">) => void
}

/** Smallest size of a negative eigenvalue that counts, relative to the largest. */
const negligibleCurvature = 1e-5

/** Smallest decrease of the loss along kinks, relative to the negligible decrease. */
const negligibleShare = 1e-3

/** Maximum number of products in one solve. */
const longestSolve = 300

/** Relative size below which differences of the loss, and steps, are rounding error. */
const roundingOf = ({ precision }: Objective) =>
  precision === "float32" ? { loss: 1e-5, step: 1e-6 } : { loss: 1e-13, step: 1e-14 }

/** Distance from `step` to the sphere in the direction `along`. */
const toSphere = (step: Float64Array, along: Float64Array, radius: number): number => {
  const a = Vector.dot(along, along)
  const b = Vector.dot(step, along)
  const c = Vector.dot(step, step) - radius * radius
  return (Math.sqrt(Math.max(0, b * b - a * c)) - b) / a
}

interface Solve {
  readonly gradient: Float64Array
  readonly radius: number
  /** Relative accuracy of the residual, as a share of the gradient. */
  readonly accuracy: number
  readonly products: number
}

/**
 * Conjugate gradients inside a trust region (Steihaug 1983). Writes a `step` that nearly minimises `g . s + s' H s / 2` over |s|
 * <= radius; returns the decrease of the model. If a curvature is negative, the step ends on the sphere.
 */
const solver = (dimension: number) => {
  const [residual, along, product] = Array.from({ length: 3 }, () => new Float64Array(dimension))
  return (
    multiply: (v: Float64Array, out: Float64Array) => void,
    { accuracy, gradient, products, radius }: Solve,
    step: Float64Array,
  ): number => {
    step.fill(0)
    residual!.set(gradient)
    along!.fill(0)
    Vector.axpy(-1, gradient, along!)
    let square = Vector.dot(residual!, residual!)
    const target = accuracy * Math.sqrt(square)
    let fall = 0
    for (let k = 0; k < products && Math.sqrt(square) > target; k++) {
      multiply(along!, product!)
      const curvature = Vector.dot(along!, product!)
      const whole = square / curvature
      const bound = toSphere(step, along!, radius)
      const length = curvature > 0 && whole < bound ? whole : bound
      Vector.axpy(length, along!, step)
      fall += length * square - 0.5 * length * length * curvature
      if (length === bound) break
      Vector.axpy(length, product!, residual!)
      const next = Vector.dot(residual!, residual!)
      Vector.scale(next / square, along!)
      Vector.axpy(-1, residual!, along!)
      square = next
    }
    return fall
  }
}

/**
 * Descends from `start` until the gradient norm is at most `tolerance` and no eigenvalue below -1e-5 of the largest is found. It
 * takes Newton steps in a trust region; each lowers the loss. It leaves saddles along the most negative direction, and follows
 * ReLU kinks by subgradients. It reports why it ended, and does not throw if it reaches no minimum.
 *
 * Throws InvalidInput on a bad start or bad options. Ours, from known parts (Steihaug 1983; Lemarechal 1975 for the
 * subgradients).
 */
export const descend = (
  objective: Objective,
  start: Float64Array,
  options: DescentOptions,
): Descent => {
  const { enough = Infinity, gradients: most, negligible = 1e-4, onStep, seed } = options
  const { kernels = Kernels.standard(), tolerance = 1e-6 } = options
  const n = objective.dimension
  Require.vector("descend", "start", start, n)
  Require.count("descend", "gradients", most)
  Require.positive("descend", "tolerance", tolerance)
  const hessian = HessianVector.of(objective)
  const rounding = roundingOf(objective)
  const solve = solver(n)
  const step = new Float64Array(n)
  let [point, next] = [start.slice(), new Float64Array(n)]
  let [gradient, nextGradient] = [new Float64Array(n), new Float64Array(n)]
  let gradients = 0
  const valueAndGradient = (x: Float64Array, out: Float64Array): number => {
    gradients++
    return objective.valueAndGradient(x, out)
  }
  const multiply = (v: Float64Array, out: Float64Array): void => {
    gradients += 2
    hessian(point, v, out)
  }
  let loss = valueAndGradient(point, gradient)
  let norm = Vector.norm(gradient)
  const [firstLoss, firstNorm] = [loss, norm]
  let radius = 0.1 * Math.max(1, Vector.norm(point))
  /** The loss before the last round along kinks. */
  let before = Infinity
  /** True if the last step was taken: after a rejected one the radius is smaller. */
  let accepted = true

  /** Points `step` down along the most negative eigenvector; returns the decrease of the model, or 0 if no eigenvalue counts. */
  const leaveSaddle = (): number => {
    const { values, vectors } = Lanczos.bothEnds(multiply, {
      dimension: n,
      count: 1,
      seed: seed.child(gradients),
      tolerance: negligibleCurvature / 2,
      maxProducts: 200,
      kernels,
    })
    const lowest = values[0]!
    if (accepted) radius = Math.max(radius, 0.1 * Math.max(1, Vector.norm(point)))
    const fall = -0.5 * lowest * radius * radius
    const isRounding = lowest >= -negligibleCurvature * Math.abs(values[1]!)
    if (isRounding || fall < negligibleShare * negligible) return 0
    step.set(vectors.subarray(0, n))
    Vector.scale(Vector.dot(step, gradient) > 0 ? -radius : radius, step)
    return fall
  }

  for (;;) {
    const now = { loss, gradientNorm: norm, gradients }
    onStep?.(now)
    const ended = (end: End): Descent => ({ end, point, ...now })
    if (!(Math.abs(loss) + norm < Infinity)) return ended("not finite")
    if (firstLoss - loss > enough) return ended("enough")
    // one gradient is kept for where the step leads to
    const products = Math.min(longestSolve, Math.floor((most - gradients - 1) / 2))
    if (products < 1) return ended(norm > tolerance ? "budget" : "minimum")
    const accuracy = Math.min(0.1, Math.sqrt(norm / firstNorm))
    let fall = 0
    if (norm > tolerance) fall = solve(multiply, { gradient, radius, accuracy, products }, step)
    else if (n > 1) fall = leaveSaddle()
    if (fall === 0) return ended("minimum")
    next.set(point)
    Vector.axpy(1, step, next)
    const nextLoss = valueAndGradient(next, nextGradient)
    const nextNorm = Vector.norm(nextGradient)
    let gain = loss - nextLoss
    // what rounding hides of the loss, the gradients at both ends show where they agree
    if (fall <= rounding.loss * Math.abs(loss) && nextNorm < norm) {
      gain = -0.5 * (Vector.dot(gradient, step) + Vector.dot(nextGradient, step))
    }
    const ratio = gain / fall
    const length = Vector.norm(step)
    if (ratio > 0.75 && length > 0.8 * radius) radius *= 2
    else if (!(ratio > 0.25)) radius = 0.25 * length
    accepted = ratio > 1e-4
    if (accepted) {
      ;[point, next] = [next, point]
      ;[gradient, nextGradient] = [nextGradient, gradient]
      ;[loss, norm] = [nextLoss, nextNorm]
    } else if (radius <= rounding.step * Math.max(1, Vector.norm(point))) {
      // a saddle whose way down is lost in rounding is a minimum for all that can be seen
      if (norm <= tolerance) return ended("minimum")
      if (before - loss < negligible) return ended("kink")
      before = loss
      loss = alongKinks(valueAndGradient, point, gradient, loss, Math.min(1500, most - gradients))
      norm = Vector.norm(gradient)
      radius = 0.01 * Math.max(1, Vector.norm(point))
    }
  }
}
