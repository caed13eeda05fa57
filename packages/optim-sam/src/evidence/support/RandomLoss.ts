/** Random losses of the classes in the theorems, expanded from small instances. */
import { Draw } from "@nonconvex/evidence"
import type { Kernels } from "@nonconvex/numerics/Kernels"
import * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { cosine } from "@nonconvex/problems/Cosine"
import { leastSquares } from "@nonconvex/problems/LeastSquares"
import { logCosh } from "@nonconvex/problems/LogCosh"
import { logistic } from "@nonconvex/problems/Logistic"
import type { Described } from "@nonconvex/problems/Objective"
import { polyakLojasiewicz } from "@nonconvex/problems/PolyakLojasiewicz"
import { basisOf } from "./RandomStronglyConvex.ts"

/** Loss, and a point at a given distance scale from its center. */
export interface RandomLoss {
  readonly loss: "log cosh" | "logistic" | "cosine at a minimum" | "cosine at a maximum"
  readonly dimension: number
  /** Number of terms, if the loss is a sum. */
  readonly terms: number
  /** Standard deviation of each coordinate around the center. */
  readonly spread: number
  readonly seed: number
}

/** `length` independent standard normals, a stream for each label. */
export const normals = (seed: number, label: string, length: number): Float64Array =>
  RandomStream.make(Seed.root(seed).child(label)).normals(length)

const fields = {
  dimension: Draw.integer(1, 4),
  terms: Draw.integer(1, 6),
  spread: Draw.logarithmic(3, 0.01),
  seed: Draw.seed(),
}

/** Convex and smooth. */
export const randomConvex = () =>
  Draw.record<RandomLoss>({ loss: Draw.oneOf("log cosh", "logistic"), ...fields })

/** Smooth, convex or not. */
export const randomSmooth = () =>
  Draw.record<RandomLoss>({
    loss: Draw.oneOf("log cosh", "cosine at a minimum", "cosine at a maximum", "logistic"),
    ...fields,
  })

/** Smooth and concave around the point. */
export const randomConcave = () =>
  Draw.record<RandomLoss>({
    loss: Draw.oneOf("cosine at a maximum"),
    ...fields,
    spread: Draw.logarithmic(0.1, 0.01),
  })

const objectiveOf = ({ dimension, loss, seed, terms }: RandomLoss, kernels: Kernels): Described => {
  const features = normals(seed, "features", terms * dimension)
  if (loss === "log cosh") return logCosh({ features, dimension, kernels })
  if (loss !== "logistic") return cosine(dimension)
  const labels = normals(seed, "labels", terms).map((x) => (x < 0 ? -1 : 1))
  return logistic({ features, dimension, labels, kernels })
}

export const expand = (instance: RandomLoss, kernels: Kernels) => {
  const objective = objectiveOf(instance, kernels)
  const center = instance.loss === "cosine at a maximum" ? Math.PI : 0
  const offsets = normals(instance.seed, "start", instance.dimension)
  return {
    objective,
    start: offsets.map((x) => center + instance.spread * x),
    /** A Lipschitz constant of the gradient. */
    beta: objective.constants.smoothness!.value,
  }
}

/** A function under the Polyak-Lojasiewicz inequality with minimum 0 that is not strongly convex. */
export interface RandomPl {
  readonly loss: "least squares" | "wave"
  readonly rank: number
  /** Dimension of the set of minima. */
  readonly flat: number
  readonly seed: number
}

export const randomPl = () =>
  Draw.record<RandomPl>({
    loss: Draw.oneOf("least squares", "wave"),
    rank: Draw.integer(1, 4),
    flat: Draw.integer(0, 2),
    seed: Draw.seed(),
  })

/** One residual: mu = beta, where the bounds are attained. */
export const tightPl = () =>
  Draw.record<RandomPl>({
    loss: Draw.oneOf("least squares"),
    rank: Draw.oneOf(1),
    flat: Draw.integer(0, 2),
    seed: Draw.seed(),
  })

export const expandPl = ({ flat, loss, rank, seed }: RandomPl, kernels: Kernels) => {
  const dimension = rank + flat
  const objective =
    loss === "wave"
      ? polyakLojasiewicz({
          dimension,
          rows: basisOf(seed, dimension).subarray(0, rank * dimension),
        })
      : leastSquares({
          features: normals(seed, "features", rank * dimension),
          dimension,
          targets: normals(seed, "targets", rank),
          kernels,
        })
  const start = normals(seed, "start", dimension)
  Vector.scale(3, start)
  const { polyakLojasiewicz: mu, smoothness: beta } = objective.constants
  return { objective, start, mu: mu!.value, beta: beta!.value }
}
