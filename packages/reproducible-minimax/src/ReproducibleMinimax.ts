// The Effect service: what the lab knows of the package, and the operations that need effects.
import type { System } from "@nonconvex/evidence"
import { InvalidInput, Vector } from "@nonconvex/numerics"
import { descend, type Diverged, type Objective } from "@nonconvex/problems"
import { Context, Effect, Layer, Stream } from "effect"
import { claims, errata } from "./claims.ts"
import { experiments } from "./experiments.ts"
import { gradientDescent } from "./GradientDescent.ts"

/** The paper as a system. */
export const system: System = {
  id: "reproducible-minimax",
  title: "Gradient descent on quadratics",
  paper: {
    title: "Convex Optimization: Algorithms and Complexity",
    authors: "Sébastien Bubeck",
    venue: "Foundations and Trends in Machine Learning",
    year: 2015,
    arxiv: "1405.4980",
  },
  claims,
  errata,
  experiments,
  module: import.meta.url,
}

interface MinimiseOptions {
  readonly learningRate: number
  readonly steps: number
}

/** The end point of a descent. The seam: a throw becomes a typed error here, and progress comes from `descend`. */
const minimise = Effect.fn("ReproducibleMinimax.minimise")(function* (
  objective: Objective,
  start: Float64Array,
  { learningRate, steps }: MinimiseOptions,
): Effect.fn.Return<Float64Array, Diverged | InvalidInput> {
  const snapshots = yield* Effect.try({
    try: () => descend(gradientDescent({ learningRate }), objective, start, { steps }),
    catch: (cause) => {
      if (cause instanceof InvalidInput) return cause
      throw cause
    },
  })
  const point = start.slice()
  yield* Stream.runForEach(snapshots, ({ state }) =>
    Effect.sync(() => Vector.copy(state.point, point)),
  )
  return point
})

/** What the lab knows of this package, and what its users run with effects. */
export class ReproducibleMinimax extends Context.Service<
  ReproducibleMinimax,
  System & { readonly minimise: typeof minimise }
>()("@nonconvex/reproducible-minimax/ReproducibleMinimax") {
  static readonly layer = Layer.succeed(ReproducibleMinimax, { ...system, minimise })
}
