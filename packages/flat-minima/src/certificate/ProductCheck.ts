/** Checks that products from another program belong to a symmetric matrix that is the derivative of the gradient. */
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import type { Objective } from "@nonconvex/problems/Objective"
import { Schema } from "effect"
import { fitOf } from "./HessianCheck.ts"

/** Errors of the products, relative to their size, and their tolerances. */
export const ProductCheck = Schema.Struct({
  /** |u' H v - v' H u| relative to its size for an unsymmetric matrix, where it is about 1. */
  asymmetry: Schema.Number,
  allowedAsymmetry: Schema.Number,
  /** |H v - differences of gradients| / (|H v| + |differences|): 1/3 for a product that is twice too large. */
  misfit: Schema.Number,
  allowedMisfit: Schema.Number,
  /** True if differences can decide: at a kink, differences at two steps disagree and `misfit` means nothing. */
  isKnown: Schema.Boolean,
})
type ProductCheck = typeof ProductCheck.Type

const sameLoss = "with the same factor (a factor of 2 is off by 1/3) and at the same point"

/** Explanation of each problem, with the remedy. */
const explained = {
  asymmetry: [
    "its products are not those of a symmetric matrix: u'Hv and v'Hu differ",
    "the loss must be the same at each call, without dropout or a new batch, and float32 numbers must be sent as float32",
  ],
  misfit: [
    "its products contradict its gradient: they differ from differences of gradients",
    `both must belong to the same loss, ${sameLoss}`,
  ],
  slope: [
    "its gradient contradicts its loss: its length and differences of losses along it differ",
    `it must be the gradient of this loss, ${sameLoss}`,
  ],
} as const

/** The products are not those of a Hessian, or the gradient does not match the loss. */
export class WrongProducts extends Schema.TaggedError<WrongProducts>()("WrongProducts", {
  objective: Schema.String,
  wrong: Schema.Literals(["asymmetry", "misfit", "slope"]),
  off: Schema.Number,
  allowed: Schema.Number,
}) {
  override get message(): string {
    const { allowed, objective, off, wrong } = this
    const [found, next] = explained[wrong]
    return `${objective}: ${found} by ${off.toPrecision(2)} relative to their size, where ${allowed} is allowed; ${next}`
  }
}

const allowedOf = ({ precision }: Objective) =>
  precision === "float32"
    ? { allowedAsymmetry: 1e-2, allowedMisfit: 1e-1 }
    : { allowedAsymmetry: 1e-6, allowedMisfit: 1e-3 }

/** Steps along the gradient, the smallest difference of losses that exceeds rounding, and the tolerance of the slope. */
const slopes = {
  float64: { step: 1e-5, least: 1e-11 },
  float32: { step: 1e-3, least: 1e-5 },
  allowed: 0.1,
}

/**
 * Relative difference between the norm of the gradient and the slope of the loss along it, divided by their sum. It is 0 if
 * rounding hides the slope, or if differences at two steps disagree, as at a kink.
 */
const slopeMisfit = (objective: Objective, point: Float64Array): number => {
  const { least, step } = slopes[objective.precision === "float32" ? "float32" : "float64"]
  const [direction, at, unused] = [point.slice(), point.slice(), point.slice()]
  const loss = objective.valueAndGradient(point, direction)
  const length = Vector.normalise(direction)
  const lossAt = (t: number): number => {
    for (let i = 0; i < at.length; i++) at[i] = point[i]! + t * direction[i]!
    return objective.valueAndGradient(at, unused)
  }
  const h = step * Math.max(1, Vector.norm(point))
  const differences = [h, 2 * h].map((t) => lossAt(t) - lossAt(-t))
  const isHidden = differences.some((each) => !(Math.abs(each) > least * Math.abs(loss)))
  if (isHidden || length === 0) return 0
  const [near, far] = differences.map((each, k) => each / (2 * (k + 1) * h)) as [number, number]
  const isSettled = Math.abs(near - far) <= (slopes.allowed / 4) * (Math.abs(near) + Math.abs(far))
  return isSettled ? Math.abs(near - length) / (Math.abs(near) + length) : 0
}

/** 0 / 0 is 0: a product that vanishes is symmetric. */
const ratio = (part: number, whole: number): number => (part === 0 ? 0 : part / whole)

/**
 * Compares products along a random direction and along the resulting product, which favours large eigenvalues. It compares u' H
 * v with v' H u, H v with differences of the gradient, and the gradient with differences of the loss. Takes three products and
 * nineteen gradients, and memory for eight vectors. Throws WrongProducts if an error exceeds its tolerance.
 *
 * For a random u, `|u' H v|` is about `|H v| / sqrt(d)`; this is the scale of the asymmetry. Ours.
 */
export const checkProducts = (
  objective: Objective & Required<Pick<Objective, "hessianVector">>,
  point: Float64Array,
  { seed }: { readonly seed: Seed.Seed },
): ProductCheck => {
  const n = point.length
  const [u, v, w] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  const [hu, hv, hw] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)]
  RandomStream.make(seed.child("u")).fillSphere(u)
  RandomStream.make(seed.child("v")).fillSphere(v)
  objective.hessianVector(point, u, hu)
  objective.hessianVector(point, v, hv)
  w.set(hv)
  const length = Vector.normalise(w)
  objective.hessianVector(point, w, hw)
  const across = Math.abs(Vector.dot(u, hv) - Vector.dot(v, hu))
  const along = Vector.dot(v, hw)
  const asymmetry = Math.max(
    ratio(Math.sqrt(n) * across, Vector.norm(hu) + Vector.norm(hv)),
    ratio(Math.abs(length - along), length + Math.abs(along)),
  )
  const fits = [fitOf(objective, point, v, hv)]
  if (length > 0) fits.push(fitOf(objective, point, w, hw))
  const allowed = allowedOf(objective)
  const { allowedAsymmetry, allowedMisfit } = allowed
  const misfit = Math.max(...fits.map(({ relativeError }) => relativeError))
  const isKnown = misfit <= allowedMisfit || fits.every(({ settled }) => settled <= allowedMisfit)
  const wrong = (kind: WrongProducts["wrong"], off: number, most: number) =>
    new WrongProducts({ objective: objective.name ?? "objective", wrong: kind, off, allowed: most })
  if (!(asymmetry <= allowedAsymmetry)) throw wrong("asymmetry", asymmetry, allowedAsymmetry)
  if (isKnown && misfit > allowedMisfit) throw wrong("misfit", misfit, allowedMisfit)
  const slope = slopeMisfit(objective, point)
  if (slope > slopes.allowed) throw wrong("slope", slope, slopes.allowed)
  return { asymmetry, misfit, isKnown, ...allowed }
}
