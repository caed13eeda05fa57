/**
 * Batches the writes of many fibers into few transactions: at once after a pause, otherwise with the writes of the next
 * milliseconds.
 */
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Clock, Effect, type Exit, Fiber, type Scope } from "effect"

/** Default milliseconds between two transactions. */
const standard = 5

/** Longest delay of a transaction by `share`, in milliseconds: unwritten results are lost with the program. */
const longest = 25

/** Items of a transaction. */
const most = 1000

interface Waiting<A> {
  readonly item: A
  readonly resume: (exit: Exit.Exit<void, StoreFailed>) => void
}

export interface Writer<A> {
  /** Completes once the item is written. An interrupted fiber stops waiting, but the item is still written. */
  readonly write: (item: A) => Effect.Effect<void, StoreFailed>
  /** Queues the item for the next write without waiting. */
  readonly post: (item: A) => Effect.Effect<void>
}

/**
 * Writer that passes items to `flush` in order; when the scope closes, all have been written.
 *
 * `share` is the maximum share of time for writing if it blocks this thread; batches then become larger.
 */
export const make = Effect.fnUntraced(function* <A>(
  flush: (items: ReadonlyArray<A>) => Effect.Effect<void, StoreFailed>,
  { pause = standard, share = 1 }: { readonly pause?: number; readonly share?: number } = {},
): Effect.fn.Return<Writer<A>, never, Scope.Scope> {
  const clock = Clock.Clock.defaultValue()
  const waiting: Array<Waiting<A>> = []
  let wake = (): void => undefined
  let isClosed = false
  const add = (each: Waiting<A>): void => {
    waiting.push(each)
    wake()
  }

  const something = Effect.callback<void>((resume) => {
    wake = () => resume(Effect.void)
    if (waiting.length > 0 || isClosed) wake()
  })
  const writing = Effect.gen(function* () {
    let next = -Infinity
    for (;;) {
      yield* something
      if (waiting.length === 0) return
      const early = next - performance.now()
      if (early > 0 && !isClosed) yield* Effect.sleep(early)
      const some = waiting.splice(0, most)
      const began = performance.now()
      const exit = yield* Effect.exit(flush(some.map(({ item }) => item)))
      const ended = performance.now()
      next = ended + Math.max(pause, Math.min(longest, (ended - began) * (1 / share - 1)))
      for (const { resume } of some) resume(exit)
    }
  })
  yield* Effect.acquireRelease(
    // it waits by the clock of the machine, whatever the clock of the program
    Effect.forkDetach(Effect.provideService(writing, Clock.Clock, clock)),
    (fiber) =>
      Effect.suspend(() => {
        isClosed = true
        wake()
        return Fiber.await(fiber)
      }),
  )
  return {
    write: (item) =>
      Effect.suspend(() =>
        // a program whose store is closed is at its end
        isClosed
          ? Effect.interrupt
          : Effect.callback<void, StoreFailed>((resume) => add({ item, resume })),
      ),
    post: (item) => Effect.sync(() => add({ item, resume: () => undefined })),
  }
})
