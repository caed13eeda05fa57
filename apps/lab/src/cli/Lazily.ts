import * as Effect from "effect/Effect"

/**
 * A handler whose modules are loaded when its command is called: the others must not wait for them.
 *
 * `load` imports a module that exports `handle`.
 */
export const lazily =
  <Input, A, E, R>(
    load: () => Promise<{ readonly handle: (input: Input) => Effect.Effect<A, E, R> }>,
  ) =>
  (input: Input): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.promise(load), ({ handle }) => handle(input))
