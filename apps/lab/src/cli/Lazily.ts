import * as Effect from "effect/Effect"
import { Quiet } from "./Flags.ts"
import { Progress } from "./Progress.ts"

/** Says of each file that is not written in the plainest way how it was read, where progress is shown. */
const noting = Effect.fnUntraced(function* <A, E, R>(work: Effect.Effect<A, E, R>) {
  if (yield* Quiet) return yield* work
  const screen = yield* Progress
  const { describe, isPlain, OnRead } = yield* Effect.promise(
    () => import("@nonconvex/datasets/Spelling"),
  )
  return yield* Effect.provideService(work, OnRead, (path, spelling) =>
    Effect.sync(() => {
      if (!isPlain(spelling)) screen.write(`${path}: read with ${describe(spelling)}\n`)
    }),
  )
})

/**
 * A handler whose modules are loaded when its command is called: the others must not wait for them.
 *
 * `load` imports a module that exports `handle`.
 */
export const lazily =
  <Input, A, E, R>(
    load: () => Promise<{ readonly handle: (input: Input) => Effect.Effect<A, E, R> }>,
  ) =>
  (input: Input) =>
    Effect.flatMap(Effect.promise(load), ({ handle }) => noting(handle(input)))
