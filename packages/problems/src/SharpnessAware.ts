import * as Require from "@nonconvex/numerics/Require"
import { descentTwin } from "./internal/DescentTwin.ts"
import type { Method, MethodState } from "./Method.ts"
import type { Objective } from "./Objective.ts"
import type { Perturbation } from "./Perturbation.ts"
import type { Update, UpdateState } from "./Update.ts"

/** State of a sharpness-aware method: inputs of the next step, and measurements of the last one. Arrays have the length of the point. */
export interface SharpnessAwareState<Inner extends UpdateState = UpdateState> extends MethodState {
  readonly objective: Objective
  /** The point before the step. */
  readonly before: Float64Array
  /** Gradient at the point before the step. */
  readonly gradient: Float64Array
  /** The perturbed point of the last step; unchanged by a step with radius 0. */
  readonly perturbed: Float64Array
  /** Gradient at the perturbed point; unchanged by a step with radius 0. */
  readonly perturbedGradient: Float64Array
  readonly update: Inner
  /** The radius of the last step. */
  radius: number
  /** Loss at the point before the step. */
  loss: number
  /** Loss at the perturbed point; equals `loss` after a step with radius 0. */
  lossAtPerturbed: number
}

/** Requires a perturbation, and an update such as `sgd` as the base of a method. */
export const requireBase = (operation: string, perturbation: Perturbation, base: Update): void => {
  Require.object(operation, "perturbation", perturbation, "radius", "perturb")
  Require.object(operation, "base", base, "init", "apply")
}

/** Initial state of methods that step along a perturbed gradient. Throws InvalidInput on a start of the wrong length. */
export const initial = <Inner extends UpdateState>(
  objective: Objective,
  start: Float64Array,
  update: Update<Inner>,
): SharpnessAwareState<Inner> => {
  Require.object(update.name, "objective", objective, "dimension", "valueAndGradient")
  Require.array(update.name, "start", start, objective.dimension)
  return {
    objective,
    point: new Float64Array(start),
    before: new Float64Array(start),
    gradient: new Float64Array(start.length),
    perturbed: new Float64Array(start.length),
    perturbedGradient: new Float64Array(start.length),
    update: update.init(start.length),
    radius: 0,
    loss: Number.NaN,
    lossAtPerturbed: Number.NaN,
    steps: 0,
    status: "running",
  }
}

/**
 * Tests whether the loss and every component of the gradient are finite. One loop, which an engine can inline, so that a
 * step allocates nothing.
 */
export const isUsable = (loss: number, gradient: Float64Array): boolean => {
  for (let i = 0; i < gradient.length; i++) {
    const value = gradient[i]!
    // Infinity - Infinity and NaN - NaN are NaN
    if (value - value !== 0) return false
  }
  return loss - loss === 0
}

/**
 * The step `w <- base(w, grad L(w_a))` with `w_a` from `perturbation`: the step of the whole family.
 *
 * Both gradients use the same batch. The perturbed point never overwrites the point, so nothing has to be restored. If a
 * loss or gradient is not finite in either pass, the point is unchanged and `status` becomes `diverged`. If the gradient is
 * zero, the perturbed point is the point itself, and the base method still takes its step. A step whose radius is 0 takes
 * one gradient and equals the base method bit for bit. `init` throws InvalidInput on a start of the wrong length.
 *
 * Source: Foret, Kleiner, Mobahi, Neyshabur 2021, algorithm 1, as recalled, with any update instead of SGD.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic, sgd, sharpnessAware } from "@nonconvex/problems"
 * import * as Perturbation from "@nonconvex/problems/Perturbation"
 *
 * const method = sharpnessAware(Perturbation.normalised(0.5), sgd({ learningRate: 0.5 }))
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state) // => 0.5
 * // the gradient is taken at 1 + 0.5
 * state.point // => Float64Array.of(0.25)
 * ```
 */
export const sharpnessAware = <Inner extends UpdateState>(
  perturbation: Perturbation,
  base: Update<Inner>,
): Method<SharpnessAwareState<Inner>> => {
  requireBase("sharpnessAware", perturbation, base)
  return {
    name: `${perturbation.name} over ${base.name}`,
    init: (objective, start) => initial(objective, start, base),
    // not `repeatedAscent` with one ascent, whose loop makes a step allocate
    step: (state) => {
      const { gradient, objective, perturbed, perturbedGradient, point } = state
      const radius = (state.radius = perturbation.radius(state.steps))
      const loss = objective.valueAndGradient(point, gradient)
      state.loss = state.lossAtPerturbed = loss
      let direction = gradient
      if (radius > 0 && isUsable(loss, gradient)) {
        perturbation.perturb(radius, state.steps, point, gradient, perturbed)
        state.lossAtPerturbed = objective.valueAndGradient(perturbed, perturbedGradient)
        direction = perturbedGradient
      }
      if (isUsable(state.lossAtPerturbed, direction)) {
        state.before.set(point)
        base.apply(state.update, point, direction)
        state.steps++
      } else state.status = "diverged"
      return loss
    },
    twin: descentTwin(base, perturbation),
  }
}

/**
 * Like `sharpnessAware`, with `ascentSteps` successive perturbations before the gradient that moves the point: `ascentSteps
 * + 1` gradients per step. Throws InvalidInput unless `ascentSteps` is a positive integer.
 *
 * @example
 * ```ts import.meta.vitest
 * import { quadratic, repeatedAscent, sgd } from "@nonconvex/problems"
 * import * as Perturbation from "@nonconvex/problems/Perturbation"
 *
 * const base = sgd({ learningRate: 0.25 })
 * const method = repeatedAscent(Perturbation.normalised(0.5), base, { ascentSteps: 2 })
 * const state = method.init(quadratic({ spectrum: [1] }), Float64Array.of(1))
 * method.step(state) // => 0.5
 * // the gradient is taken at 1 + 0.5 + 0.5
 * state.point // => Float64Array.of(0.5)
 * ```
 */
export const repeatedAscent = <Inner extends UpdateState>(
  perturbation: Perturbation,
  base: Update<Inner>,
  options: { readonly ascentSteps: number },
): Method<SharpnessAwareState<Inner>> => {
  const { ascentSteps } = options
  requireBase("repeatedAscent", perturbation, base)
  Require.count("repeatedAscent", "ascentSteps", ascentSteps)
  return {
    name: `${perturbation.name} with ${ascentSteps} ascents over ${base.name}`,
    init: (objective, start) => initial(objective, start, base),
    step: (state) => {
      const { gradient, objective, perturbed, perturbedGradient, point } = state
      const radius = (state.radius = perturbation.radius(state.steps))
      const loss = objective.valueAndGradient(point, gradient)
      state.loss = state.lossAtPerturbed = loss
      let from = point
      let direction = gradient
      const ascents = radius > 0 ? ascentSteps : 0
      for (let k = 0; k < ascents; k++) {
        if (!isUsable(state.lossAtPerturbed, direction)) break
        perturbation.perturb(radius, state.steps, from, direction, perturbed)
        state.lossAtPerturbed = objective.valueAndGradient(perturbed, perturbedGradient)
        from = perturbed
        direction = perturbedGradient
      }
      if (isUsable(state.lossAtPerturbed, direction)) {
        state.before.set(point)
        base.apply(state.update, point, direction)
        state.steps++
      } else state.status = "diverged"
      return loss
    },
  }
}
