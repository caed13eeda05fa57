/** The command line in this process, over given systems, with what it prints as text; for tests and for programs that they start. */
import type { System } from "@nonconvex/evidence"
import { NodeServices } from "@effect/platform-node"
import { Effect, Fiber, Layer } from "effect"
import { TestConsole } from "effect/testing"
import { exitCode } from "../../src/cli/Failure.ts"
import { program } from "../../src/cli/Program.ts"
import { Progress } from "../../src/cli/Progress.ts"
import { Systems } from "../../src/evidence/Systems.ts"

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What went to the screen of the progress. */
  readonly progress: string
}

const joined = (lines: ReadonlyArray<unknown>): string => lines.map(String).join("\n")

/** Runs `nonconvex <args>` over systems to its end, whatever it is, or interrupts it when `until` is there. */
export const over = Effect.fnUntraced(function* (
  systems: Layer.Layer<Systems>,
  args: ReadonlyArray<string>,
  until?: Effect.Effect<void>,
) {
  const drawn: Array<string> = []
  const services = Layer.mergeAll(
    systems,
    Layer.succeed(Progress, {
      animates: false,
      columns: () => 80,
      rows: () => 24,
      write: (text) => drawn.push(text),
    }),
    TestConsole.layer,
  ).pipe(Layer.provideMerge(NodeServices.layer))
  return yield* Effect.gen(function* () {
    const running = yield* Effect.forkChild(program(args))
    if (until !== undefined) {
      yield* until
      yield* Fiber.interrupt(running)
    }
    const exit = yield* Fiber.await(running)
    return {
      code: exitCode(exit),
      stdout: joined(yield* TestConsole.logLines),
      stderr: joined(yield* TestConsole.errorLines),
      progress: drawn.join(""),
    } satisfies Ended
  }).pipe(Effect.provide(services))
})

/** The same over a list of systems. */
export const nonconvex = (
  systems: ReadonlyArray<System>,
  args: ReadonlyArray<string>,
  until?: Effect.Effect<void>,
) => over(Systems.layerOf(systems), args, until)
