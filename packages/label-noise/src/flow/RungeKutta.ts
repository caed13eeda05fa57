/** Adaptive integration of ordinary differential equations by the Dormand-Prince method of order 8. */
import * as Elementary from "@nonconvex/numerics/Elementary"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import * as Tableau from "./DormandPrince853.ts"

/** Writes the slope at y to `out`. */
export type Slope = (y: Float64Array, out: Float64Array) => void

export interface Tolerance {
  /** Allowed error per step: relative to the component, and absolute. */
  readonly relative: number
  readonly absolute: number
}

export interface IntegrationOptions extends Tolerance {
  /** End time, which a step meets exactly. */
  readonly end: number
  /** Called at the start and after every accepted step, once the slope there is evaluated; true stops. */
  readonly observe?: (time: number, y: Float64Array) => boolean
  /** Maximum number of accepted steps; default 100,000. */
  readonly maxSteps?: number
}

export interface Integration {
  readonly y: Float64Array
  readonly time: number
  readonly steps: number
  readonly evaluations: number
  readonly status: "end" | "stopped" | "steps"
}

/** Pairs of slope and weight with nonzero weight. */
const sparse = (row: ReadonlyArray<number>) =>
  row.flatMap((weight, stage) => (weight === 0 ? [] : [{ stage, weight }]))

const stages = Tableau.stages.map(sparse)
const weights = sparse(Tableau.weights)
const error5 = sparse(Tableau.error5)
const error3 = sparse(Tableau.error3)

type Combination = ReturnType<typeof sparse>

const combine = (
  combination: Combination,
  slopes: ReadonlyArray<Float64Array>,
  h: number,
  out: Float64Array,
): void => {
  for (const { stage, weight } of combination) {
    const slope = slopes[stage]!
    const factor = h * weight
    for (let i = 0; i < out.length; i++) out[i]! += factor * slope[i]!
  }
}

class Stepper {
  readonly slopes: ReadonlyArray<Float64Array>
  readonly next: Float64Array
  evaluations = 0
  readonly #slope: Slope
  readonly #tolerance: Tolerance
  readonly #five: Float64Array
  readonly #three: Float64Array

  constructor(slope: Slope, length: number, tolerance: Tolerance) {
    this.#slope = slope
    this.#tolerance = tolerance
    this.slopes = Array.from({ length: stages.length }, () => new Float64Array(length))
    this.next = new Float64Array(length)
    this.#five = new Float64Array(length)
    this.#three = new Float64Array(length)
  }

  evaluate(y: Float64Array, out: Float64Array): void {
    this.evaluations++
    this.#slope(y, out)
  }

  scaleOf(a: number, b: number): number {
    return this.#tolerance.absolute + this.#tolerance.relative * Math.max(Math.abs(a), Math.abs(b))
  }

  /** Writes a step of length h from y to `next`; returns the estimated error in units of the tolerance. */
  attempt(y: Float64Array, h: number): number {
    for (let stage = 1; stage < stages.length; stage++) {
      this.next.set(y)
      combine(stages[stage]!, this.slopes, h, this.next)
      this.evaluate(this.next, this.slopes[stage]!)
    }
    this.next.set(y)
    combine(weights, this.slopes, h, this.next)
    this.#five.fill(0)
    this.#three.fill(0)
    combine(error5, this.slopes, h, this.#five)
    combine(error3, this.slopes, h, this.#three)
    let five = 0
    let three = 0
    for (let i = 0; i < y.length; i++) {
      const scale = this.scaleOf(y[i]!, this.next[i]!)
      five += Elementary.square(this.#five[i]! / scale)
      three += Elementary.square(this.#three[i]! / scale)
    }
    if (five === 0 && three === 0) return 0
    return five / Math.sqrt((five + 0.01 * three) * y.length)
  }
}

/**
 * First step of Hairer, Norsett, Wanner 1993, II.4: from the sizes of the solution, of its slope and of the change of the slope.
 */
const firstStep = (stepper: Stepper, y: Float64Array): number => {
  const slope = stepper.slopes[0]!
  const trial = stepper.slopes[1]!
  const norm = (at: (i: number) => number): number => {
    let square = 0
    for (let i = 0; i < y.length; i++)
      square += Elementary.square(at(i) / stepper.scaleOf(y[i]!, y[i]!))
    return Math.sqrt(square / y.length)
  }
  const size = norm((i) => y[i]!)
  const speed = norm((i) => slope[i]!)
  const short = speed > 1e-5 && size > 1e-5 ? (0.01 * size) / speed : 1e-6
  for (let i = 0; i < y.length; i++) stepper.next[i] = y[i]! + short * slope[i]!
  stepper.evaluate(stepper.next, trial)
  const bend = norm((i) => trial[i]! - slope[i]!) / short
  const largest = Math.max(speed, bend)
  const long = largest > 1e-15 ? Elementary.pow(0.01 / largest, 0.125) : 1e-3 * short
  // a trial that overflowed says no more than that the step was too long
  return bend < Number.POSITIVE_INFINITY ? Math.min(100 * short, long) : 1e-3 * short
}

/**
 * Integrates `y' = slope(y)` from `start`, at time 0.
 *
 * Order 8, with the error control of DOP853 (Hairer, Norsett, Wanner 1993). Throws InvalidInput if the step becomes too small to
 * advance the time, as happens if a slope is not finite.
 */
export const integrate = (
  slope: Slope,
  start: Float64Array,
  options: IntegrationOptions,
): Integration => {
  const { end, maxSteps = 100_000, observe } = options
  const stepper = new Stepper(slope, start.length, options)
  const y = Float64Array.from(start)
  let time = 0
  let steps = 0
  const result = (status: Integration["status"]): Integration => ({
    y,
    time,
    steps,
    evaluations: stepper.evaluations,
    status,
  })
  stepper.evaluate(y, stepper.slopes[0]!)
  if (observe?.(time, y) === true) return result("stopped")
  let h = firstStep(stepper, y)
  let isGrowthBarred = false
  while (time < end) {
    if (steps === maxSteps) return result("steps")
    const isLast = h >= end - time
    const length = isLast ? end - time : h
    if (!(length > 0 && (isLast || time + length > time))) {
      invalid("integrate", "the solution must stay finite and the tolerance within reach", {
        time,
        step: length,
      })
    }
    const error = stepper.attempt(y, length)
    if (error <= 1) {
      time = isLast ? end : time + length
      steps++
      y.set(stepper.next)
      stepper.evaluate(y, stepper.slopes[0]!)
      if (observe?.(time, y) === true) return result("stopped")
      const growth = error === 0 ? 10 : Math.min(10, 0.9 * Elementary.pow(error, -0.125))
      h = length * (isGrowthBarred ? Math.min(1, growth) : growth)
      isGrowthBarred = false
    } else {
      // an error that is not finite shrinks the step the most
      h =
        length *
        (error < Number.POSITIVE_INFINITY
          ? Math.max(0.2, 0.9 * Elementary.pow(error, -0.125))
          : 0.2)
      isGrowthBarred = true
    }
  }
  return result("end")
}
