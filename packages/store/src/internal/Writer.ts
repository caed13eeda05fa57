/** Writes what many fibers want kept, as few transactions: at once after a pause, and else together with what comes within some milliseconds. */
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { type Cause, Clock, Deferred, Effect, Fiber, Queue, type Scope } from "effect"

/** Milliseconds between two transactions. */
const pause = 5

/** Items of a transaction. */
const most = 1000

interface Waiting<A> {
  readonly item: A
  readonly done: Deferred.Deferred<void, StoreFailed>
}

/** Ends once what it is given is written. An interrupted fiber waits no longer, and the item is written all the same. */
export type Write<A> = (item: A) => Effect.Effect<void, StoreFailed>

/** A writer that gives items to `flush` in their order; when the scope closes, all of them have been written. */
export const make = Effect.fnUntraced(function* <A>(
  flush: (items: ReadonlyArray<A>) => Effect.Effect<void, StoreFailed>,
): Effect.fn.Return<Write<A>, never, Scope.Scope> {
  const queue = yield* Queue.unbounded<Waiting<A>, Cause.Done>()
  const clock = Clock.Clock.defaultValue()
  let last = -Infinity
  const next = Effect.gen(function* () {
    yield* Queue.peek(queue)
    const early = last + pause - clock.currentTimeMillisUnsafe()
    if (early > 0) yield* Effect.sleep(early)
    const waiting = yield* Queue.takeBetween(queue, 1, most)
    const exit = yield* Effect.exit(flush(waiting.map(({ item }) => item)))
    last = clock.currentTimeMillisUnsafe()
    yield* Effect.forEach(waiting, ({ done }) => Deferred.done(done, exit), { discard: true })
  })
  yield* Effect.acquireRelease(
    // it waits by the clock of the machine, whatever the clock of the program
    Effect.forkDetach(Effect.provideService(Effect.forever(next), Clock.Clock, clock)),
    (fiber) => Effect.andThen(Queue.end(queue), Fiber.await(fiber)),
  )
  return (item) =>
    Effect.gen(function* () {
      const done = yield* Deferred.make<void, StoreFailed>()
      yield* Queue.offer(queue, { item, done })
      yield* Deferred.await(done)
    })
})
