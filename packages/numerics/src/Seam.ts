/** The seam between plain functions, which throw errors, and effects, which fail with them. */
import * as Effect from "effect/Effect"

/** Classes of errors that a function may throw. */
type Expected = ReadonlyArray<abstract new (...parameters: never) => unknown>

/**
 * Evaluates a plain function; an exception of an `expected` class becomes a failure, and any other stays a defect.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { InvalidInput, Vector } from "@nonconvex/numerics"
 * import * as Seam from "@nonconvex/numerics/Seam"
 *
 * const shown = Seam.attempt([InvalidInput], () => Vector.dot(new Float64Array(2), new Float64Array(3))).pipe(
 *   Effect.catchTag("InvalidInput", (error) => Effect.succeed(error.message)),
 * )
 * Effect.runSync(shown) // => "Vector.dot: both vectors must have the same length (got first = 2, second = 3)"
 * ```
 */
export const attempt = <A, const Kinds extends Expected>(
  expected: Kinds,
  evaluate: () => A,
): Effect.Effect<A, InstanceType<Kinds[number]>> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      const isExpected = (thrown: unknown): thrown is InstanceType<Kinds[number]> =>
        expected.some((kind) => thrown instanceof kind)
      return isExpected(cause) ? Effect.fail(cause) : Effect.die(cause)
    }
  })
