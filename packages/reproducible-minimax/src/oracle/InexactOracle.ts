/** Inexact oracles of a problem: the paper's (Definitions 1 and 4), and models of real machines. */
import type * as RandomStream from "@nonconvex/numerics/RandomStream"
import * as Require from "@nonconvex/numerics/Require"
import * as Vector from "@nonconvex/numerics/Vector"
import { invalid } from "@nonconvex/numerics/InvalidInput"
import type { ErrorStrategy } from "./ErrorStrategy.ts"
import { answerAt, answering, type OracleForm, type Problem, sizeOf } from "../problem/Problem.ts"

/**
 * Start at distance `delta / 2` from `reference`, in a direction drawn from `stream`; two such starts are at most `delta`
 * apart (Zhang et al. 2023, Definition 1). Throws InvalidInput on a negative delta.
 */
export const inexactStart = (
  reference: Float64Array,
  delta: number,
  stream: RandomStream.RandomStream,
): Float64Array => {
  Require.nonNegative("inexactStart", "delta", delta)
  const start = new Float64Array(reference.length)
  stream.fillSphere(start)
  for (let i = 0; i < start.length; i++) start[i] = reference[i]! + 0.5 * delta * start[i]!
  return start
}

/** Form of an oracle with this error, which is added before anything else. */
const erring = (
  { form }: Problem,
  errors: NonNullable<OracleForm["errors"]>,
): OracleForm | undefined =>
  form !== undefined && form.errors === undefined && form.pull === undefined
    ? { ...form, errors }
    : undefined

/**
 * Deterministic oracle with an error of norm at most `delta`, in the direction that `strategy` chooses (Zhang et al. 2023,
 * Definition 1). Throws InvalidInput on a negative delta.
 */
export const inexact = (problem: Problem, strategy: ErrorStrategy, delta: number): Problem => {
  Require.nonNegative("inexact", "delta", delta)
  const error = new Float64Array(sizeOf(problem))
  const { direction, stream } = strategy
  const inexactly = answering(problem, (answer, z) => {
    strategy(z, answer, error)
    Vector.axpy(delta, error, answer)
  })
  return {
    ...inexactly,
    ...(direction !== undefined && {
      form: erring(problem, { kind: "constant", error: direction.map((x) => delta * x) }),
    }),
    ...(stream !== undefined && { streams: [...(problem.streams ?? []), stream] }),
    error: problem.error + delta,
  }
}

/**
 * Unbiased oracle with normal noise of total variance `delta^2` over all coordinates (Zhang et al. 2023, Definition 4). No
 * bound on its error is certain, so no certificate is possible. Throws InvalidInput on a negative delta.
 */
export const stochastic = (
  problem: Problem,
  stream: RandomStream.RandomStream,
  delta: number,
): Problem => {
  Require.nonNegative("stochastic", "delta", delta)
  const size = sizeOf(problem)
  const deviation = delta / Math.sqrt(size)
  const noisy = answering(problem, (answer) => {
    for (let i = 0; i < size; i++) answer[i] = answer[i]! + deviation * stream.normal()
  })
  return {
    ...noisy,
    form: erring(problem, { kind: "normal", stream, deviation }),
    streams: [...(problem.streams ?? []), stream],
    error: Number.POSITIVE_INFINITY,
  }
}

/**
 * Oracle whose answers are rounded to multiples of `spacing`, as on a fixed-point machine. Throws InvalidInput unless it is
 * positive.
 */
export const onGrid = (problem: Problem, spacing: number): Problem => {
  Require.positive("onGrid", "spacing", spacing)
  const size = sizeOf(problem)
  return {
    ...answering(problem, (answer) => {
      for (let i = 0; i < size; i++) answer[i] = Math.round(answer[i]! / spacing) * spacing
    }),
    error: problem.error + 0.5 * spacing * Math.sqrt(size),
  }
}

/**
 * Oracle whose points and answers are rounded to float32, whatever the precision between them, as for values stored on the
 * way to and from a device.
 *
 * The error is at most `u (l |z| + |V|)`, which is bounded on a bounded set by the value at `start`. Throws InvalidInput on
 * an unbounded set. For products in float32 see `Products.float32` of `@nonconvex/problems`.
 */
export const throughFloat32 = (problem: Problem, start: Float64Array): Problem => {
  const size = sizeOf(problem)
  Require.vector("throughFloat32", "start", start, size)
  const { error, feasible, operator, smoothness } = problem
  const reach = feasible.reach(start, 0, size)
  if (!(reach < Number.POSITIVE_INFINITY)) {
    invalid("throughFloat32", "the set must be bounded, so that rounding errors are bounded", {
      reach,
    })
  }
  const value = answerAt(problem, start)
  const farthest = Vector.norm(start) + reach
  const largest = Vector.norm(value) + smoothness * reach
  const narrow = new Float64Array(size)
  return {
    ...problem,
    form: undefined,
    error: error + 2 ** -24 * (smoothness * farthest + largest) * (1 + 2 ** -20),
    operator: (z, out) => {
      for (let i = 0; i < size; i++) narrow[i] = Math.fround(z[i]!)
      operator(narrow, out)
      for (let i = 0; i < size; i++) out[i] = Math.fround(out[i]!)
    },
  }
}
