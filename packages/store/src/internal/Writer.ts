/** Batches the writes of many fibers into few transactions: at once after a pause, and else with the writes of the next milliseconds. */
import type { StoreFailed } from "@nonconvex/runner/RunStore"
import { Clock, Effect, type Exit, Fiber, type Scope } from "effect"

/** Milliseconds between two transactions, unless they are given. */
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
  /** Ends once the item is written. An interrupted fiber waits no longer, and the item is written all the same. */
  readonly write: (item: A) => Effect.Effect<void, StoreFailed>
  /** Has the item written with those that come next, and does not wait for it. */
  readonly post: (item: A) => Effect.Effect<void>
}

/**
 * A writer that gives items to `flush` in their order; when the scope closes, all of them have been written.
 *
 * `share` is the most of the time that writing may take where it keeps this thread from other work: then more is written less often.
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
      const early = next - clock.currentTimeMillisUnsafe()
      if (early > 0 && !isClosed) yield* Effect.sleep(early)
      const some = waiting.splice(0, most)
      const began = clock.currentTimeMillisUnsafe()
      const exit = yield* Effect.exit(flush(some.map(({ item }) => item)))
      const ended = clock.currentTimeMillisUnsafe()
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
