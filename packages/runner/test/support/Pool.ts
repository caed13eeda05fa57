/** A program whose pool meets every kind of end. It ends by itself only if no thread is left behind. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Console, Effect, Fiber, Stream } from "effect"
import { idOf, targetsOf, verify } from "../../src/index.ts"
import * as Threads from "../../src/node/Threads.ts"
import { system } from "./System.ts"

const effort = { runs: 100, seed: 1 }

const verdictsOn = (...ids: ReadonlyArray<string>) =>
  verify(
    targetsOf(system).filter((target) => ids.includes(idOf(target))),
    effort,
    () => undefined,
  ).pipe(
    Stream.map(({ _tag }) => _tag),
    Stream.runCollect,
    Effect.catchTag("InvalidInput", Effect.die),
  )

const program = Effect.gen(function* () {
  // Closes over a fiber that is interrupted first.
  const [memory, tags] = yield* Effect.gen(function* () {
    const failure = yield* Effect.flip(verdictsOn("numbers/hoards"))
    const verdicts = yield* verdictsOn("numbers/holds", "numbers/falsified")
    yield* Effect.forkChild(verdictsOn("numbers/spins"))
    yield* Effect.sleep(200)
    return [failure.message, verdicts] as const
  }).pipe(Effect.provide(Threads.layer(2, { kernels: "strict" })))

  // Closes while a fiber that outlives it is still at work, and has more to do.
  const outliving = yield* Effect.gen(function* () {
    const fiber = yield* Effect.forkDetach(verdictsOn("numbers/spins", "numbers/refuses"))
    yield* Effect.sleep(200)
    return fiber
  }).pipe(Effect.provide(Threads.layer(1, { kernels: "strict" })))
  const { message: reason } = yield* Effect.flip(Fiber.join(outliving))

  yield* Console.log(JSON.stringify({ memory, tags, reason }))
})

NodeRuntime.runMain(program)
