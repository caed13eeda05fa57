/** Descent along the kinks of a piecewise smooth function, where the gradient jumps and Newton steps fail. */
import * as Vector from "@nonconvex/numerics/Vector"

/** Failed steps allowed at one length: each adds a gradient from across a kink to the bundle. */
const patience = 30

/** Least share of the decrease predicted by the bundled gradient that a step must achieve. */
const promise = 0.1

/** Moves `bundle` to the shortest vector on the segment between it and `gradient`. */
const shorten = (bundle: Float64Array, gradient: Float64Array): void => {
  const apart = Vector.distance(bundle, gradient)
  if (apart === 0) return
  const along = Vector.dot(bundle, bundle) - Vector.dot(bundle, gradient)
  const share = Math.min(1, Math.max(0, along / (apart * apart)))
  Vector.scale(1 - share, bundle)
  Vector.axpy(share, gradient, bundle)
}

/**
 * Moves `point` down with at most `gradients` gradients, returns the loss there, and writes its gradient to `gradient`. The
 * direction is the shortest combination of the gradients seen around the point, two at a time (conjugate subgradients;
 * Lemarechal 1975, Wolfe 1975).
 */
export const alongKinks = (
  valueAndGradient: (x: Float64Array, gradient: Float64Array) => number,
  point: Float64Array,
  gradient: Float64Array,
  start: number,
  gradients: number,
): number => {
  const bundle = gradient.slice()
  const next = new Float64Array(point.length)
  const nextGradient = new Float64Array(point.length)
  const shortest = 1e-10 * Math.max(1, Vector.norm(point))
  let loss = start
  let length = 1e-3 * Math.max(1, Vector.norm(point))
  let failed = 0
  for (let k = 0; k < gradients && length > shortest; k++) {
    const size = Vector.norm(bundle)
    if (!(size > 0)) break
    next.set(point)
    Vector.axpy(-length / size, bundle, next)
    const found = valueAndGradient(next, nextGradient)
    if (loss - found >= promise * length * size) {
      point.set(next)
      gradient.set(nextGradient)
      bundle.set(nextGradient)
      loss = found
      length *= 1.5
      failed = 0
      continue
    }
    shorten(bundle, nextGradient)
    if (++failed > patience) {
      length /= 3
      failed = 0
      bundle.set(gradient)
    }
  }
  return loss
}
