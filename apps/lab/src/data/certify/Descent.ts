/** From where a training ended down to the minimum: a certificate is about a minimum. */
import { NoMinimumNearby } from "@nonconvex/flat-minima"
import * as Lanczos from "@nonconvex/numerics/Lanczos"
import type * as Seed from "@nonconvex/numerics/Seed"
import * as Vector from "@nonconvex/numerics/Vector"
import { descend, type Diverged } from "@nonconvex/problems/Descent"
import { gradientMethod } from "@nonconvex/problems/GradientMethod"
import { nesterov } from "@nonconvex/problems/Sgd"
import type { SmoothFiniteSum } from "@nonconvex/problems/LinearModel"
import { Effect, Option, Stream } from "effect"
import type { Meter } from "../../cli/Progress.ts"

/** Gradients between two looks at the gradient norm. */
const every = 50

/**
 * Accelerated gradient descent on the whole training loss until the gradient norm is at most `tolerance`, with the reciprocal of
 * the top eigenvalue at the start as its rate. Interruptible. Fails with NoMinimumNearby, which has the smallest norm reached,
 * and with Diverged.
 */
export const toMinimum = Effect.fn("Descent.toMinimum")(function* (
  network: SmoothFiniteSum,
  start: Float64Array,
  options: {
    readonly gradients: number
    readonly tolerance: number
    readonly seed: Seed.Seed
    readonly meter: Meter
  },
): Effect.fn.Return<Float64Array, NoMinimumNearby | Diverged> {
  const { gradients, meter, seed, tolerance } = options
  const { values } = Lanczos.topEigenpairs((v, out) => network.hessianVector(start, v, out), {
    dimension: network.dimension,
    count: 1,
    seed,
    tolerance: 1e-2,
    maxProducts: 100,
  })
  const gradient = new Float64Array(network.dimension)
  const normAt = (point: Float64Array): number => {
    network.valueAndGradient(point, gradient)
    return Vector.norm(gradient)
  }
  let smallest = normAt(start)
  if (smallest <= tolerance) return start
  const learningRate = values[0]! > 0 ? 1 / values[0]! : 1
  const method = gradientMethod(nesterov({ learningRate, momentum: 0.95 }))
  const end = yield* descend(method, network, start, { steps: gradients, every }).pipe(
    Stream.map(({ state, step }) => {
      const norm = normAt(state.point)
      smallest = Math.min(smallest, norm)
      meter.done(step)
      meter.note(`gradient norm ${norm.toPrecision(3)}`)
      return { norm, point: state.point }
    }),
    Stream.takeUntil(({ norm }) => norm <= tolerance),
    Stream.runLast,
  )
  const last = Option.getOrThrow(end)
  if (last.norm > tolerance) {
    return yield* new NoMinimumNearby({
      operation: "certify --descend",
      gradientNorm: smallest,
      tolerance,
      evaluations: gradients,
    })
  }
  return last.point.slice()
})
