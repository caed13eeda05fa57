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

export interface Writer<A> {
  /** Ends once the item is written. An interrupted fiber waits no longer, and the item is written all the same. */
  readonly write: (item: A) => Effect.Effect<void, StoreFailed>
  /** Has the item written with those that come next, and does not wait for it. */
  readonly post: (item: A) => Effect.Effect<void>
}

/** A writer that gives items to `flush` in their order; when the scope closes, all of them have been written. */
export const make = Effect.fnUntraced(function* <A>(
  flush: (items: ReadonlyArray<A>) => Effect.Effect<void, StoreFailed>,
): Effect.fn.Return<Writer<A>, never, Scope.Scope> {
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
  const add = (item: A) =>
    Effect.flatMap(Deferred.make<void, StoreFailed>(), (done) =>
      // a program whose store is closed is at its end
      Effect.flatMap(Queue.offer(queue, { item, done }), (isOpen) =>
        isOpen ? Effect.succeed(done) : Effect.interrupt,
      ),
    )
  return {
    write: (item) => Effect.flatMap(add(item), Deferred.await),
    post: (item) => Effect.asVoid(add(item)),
  }
})
