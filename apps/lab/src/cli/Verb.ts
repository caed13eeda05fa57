import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Command from "effect/cli/Command"
import * as Defaults from "./Defaults.ts"
import type { CommandError } from "./Failure.ts"
import { Quiet } from "./Flags.ts"
import { Progress } from "./Progress.ts"

/** Reports how each file in a non-default format was read, if progress is shown. */
const noting = Effect.fnUntraced(function* <A, E, R>(work: Effect.Effect<A, E, R>) {
  if (yield* Quiet) return yield* work
  const screen = yield* Progress
  const { describe, isPlain, OnRead } = yield* Effect.promise(
    () => import("@nonconvex/datasets/Spelling"),
  )
  return yield* Effect.provideService(work, OnRead, (path, spelling) =>
    Effect.sync(() => {
      const how = `${spelling.format === undefined ? "with " : ""}${describe(spelling)}`
      if (!isPlain(spelling)) screen.write(`${path}: read ${how}\n`)
    }),
  )
})

/** The kernels are not there: they are compiled when the workspace is installed, unless its scripts were not run. */
export class Uncompiled extends Schema.TaggedError<Uncompiled>()("Uncompiled", {}) {
  override get message(): string {
    return "the kernels are not compiled, as after npm ci --ignore-scripts; npm run prepare compiles them"
  }
}

const isUncompiled = (defect: unknown): boolean =>
  defect instanceof Error &&
  (defect as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND" &&
  defect.message.includes(".generated.")

/**
 * Command whose help shows the default of each flag. Its handler is imported on demand, so that other commands start without its
 * modules.
 *
 * `load` imports a module that exports `handle`.
 */
export const make = <const Name extends string, const Flags extends Command.Command.Config, A, R>(
  name: Name,
  flags: Flags,
  load: () => Promise<{
    readonly handle: (
      input: Command.Command.Config.Infer<Flags>,
    ) => Effect.Effect<A, CommandError, R>
  }>,
) =>
  Command.make(name, flags, (input) =>
    Effect.promise(load).pipe(
      Effect.flatMap(({ handle }) => noting(handle(input))),
      // a handler too imports what it needs on demand
      Effect.catchDefect((defect) =>
        isUncompiled(defect) ? new Uncompiled() : Effect.die(defect),
      ),
    ),
  ).pipe(Command.annotate(Defaults.OwnFlags, Defaults.byName(flags)))
