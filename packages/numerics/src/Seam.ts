/** The seam between plain functions, which throw what a caller can act on, and effects, which fail with it. */
import * as Effect from "effect/Effect"

/** Classes of errors that a function is known to throw. */
export type Expected = ReadonlyArray<abstract new (...parameters: never) => unknown>

/** What `evaluate` returns; a throw of an `expected` class becomes a failure, and any other stays a defect. */
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

/** A plain function as one that returns an effect. */
export type Lifted<F extends (...parameters: never) => unknown, E> = (
  ...parameters: Parameters<F>
) => Effect.Effect<ReturnType<F>, E>

/**
 * Gives `plain` a span called `name`, and its `expected` throws as failures: how the service of a package offers a plain function.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Effect } from "effect"
 * import { InvalidInput, Seam, Vector } from "@nonconvex/numerics"
 *
 * const dot = Seam.lift("Example.dot", [InvalidInput], Vector.dot)
 * const told = dot(new Float64Array(2), new Float64Array(3)).pipe(
 *   Effect.catchTag("InvalidInput", (error) => Effect.succeed(error.message)),
 * )
 * Effect.runSync(told) // => "Vector.dot: both vectors must have the same length (got first = 2, second = 3)"
 * ```
 */
export const lift = <Parameters extends ReadonlyArray<unknown>, A, const Kinds extends Expected>(
  name: string,
  expected: Kinds,
  plain: (...parameters: Parameters) => A,
): ((...parameters: Parameters) => Effect.Effect<A, InstanceType<Kinds[number]>>) =>
  Effect.fn(name)((...parameters: Parameters) => attempt(expected, () => plain(...parameters)))
