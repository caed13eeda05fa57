import type { Home } from "@nonconvex/evidence/System"
import { Deferred, Effect, Fiber, Layer } from "effect"
import type { Capabilities } from "../Capabilities.ts"
import { Compute, type JobOf, Watch } from "../Compute.ts"
import type { Ended, Job, Progress, Result } from "../Job.ts"
import { type JobFailure, ThreadEnded } from "../JobFailure.ts"
import * as Batch from "./Batch.ts"
import { portable } from "./Portable.ts"
import * as BatchSize from "./BatchSize.ts"
import * as MemoryLimit from "./MemoryLimit.ts"
import { spawn, type Thread, unheard } from "./Thread.ts"
import { refOf } from "../JobReference.ts"

/** Limits of a thread. */
interface Limits {
  /** Maximum bytes of the thread; by default its share of three quarters of the machine's memory, and at least 512 MiB. */
  readonly bytes?: number
}

/**
 * Pool of `size` threads (at least one), each started on demand with the described capabilities. The main thread stays free,
 * so progress is drawn and Ctrl-C takes effect while they work.
 *
 * Interrupting a job ends its thread at once, and the next job starts a fresh one. A thread that ends, or exceeds its memory
 * limit, fails only its own job. Waiting short cases of an experiment are sent to a thread together. When the layer closes,
 * every thread ends, and jobs that are running or waiting fail.
 *
 * @example
 * ```ts import.meta.vitest
 * import { Compute } from "@nonconvex/runner"
 * import * as Threads from "@nonconvex/runner/node/Threads"
 * import { Effect } from "effect"
 *
 * const pool = Threads.layer(2, { kernels: "strict" })
 * const naming = Effect.map(Compute, ({ name }) => name)
 * await Effect.runPromise(Effect.provide(naming, pool)) // => "2 threads"
 * ```
 */
export const layer = (
  size: number,
  capabilities: Capabilities,
  { bytes }: Limits = {},
): Layer.Layer<Compute> =>
  Layer.effect(
    Compute,
    Effect.gen(function* () {
      const count = Math.max(1, Math.floor(size))
      const mayHold = bytes ?? MemoryLimit.shareOf(count)
      const fork = Effect.runForkWith(yield* Effect.context())
      const short = BatchSize.make()
      const living = new Set<Thread>()
      const idle: Array<Thread> = []
      const serving = new Set<Fiber.Fiber<void>>()
      /** Thread that has tried the one instance of a claim. */
      const knowing = new Map<string, Thread>()
      let waiting: Array<Batch.Order> = []
      let closed = false

      const forget = (thread: Thread) => {
        living.delete(thread)
        const at = idle.indexOf(thread)
        if (at >= 0) idle.splice(at, 1)
      }
      const end = (thread: Thread) =>
        Effect.suspend(() => {
          forget(thread)
          return thread.end
        })

      /** True if another thread has cached the data of the job, which this one would have to recompute. */
      const isKnownElsewhere = ({ job }: Batch.Order, thread: Thread | undefined): boolean => {
        const only = Batch.onlyInstance(job)
        const known = only === undefined ? undefined : knowing.get(only)
        return known !== undefined && known !== thread && living.has(known)
      }

      /** Next orders for a thread: one, or short cases that wait behind it. */
      const next = (thread: Thread | undefined): ReadonlyArray<Batch.Order> => {
        while (waiting[0]?.isLeft === true) waiting.shift()
        const at = waiting.findIndex((order) => !order.isLeft && !isKnownElsewhere(order, thread))
        if (at > 0) waiting.unshift(...waiting.splice(at, 1))
        const [first] = waiting
        if (first === undefined) return []
        const fair = Math.ceil(waiting.length / count)
        const fits = first.isAlone ? 1 : Math.min(short.fitting(first.job), fair)
        let until = 1
        while (until < fits && until < waiting.length) {
          const { isAlone, isLeft, job } = waiting[until]!
          if (isAlone || isLeft || !BatchSize.isAlike(first.job, job)) break
          until++
        }
        return waiting.splice(0, until)
      }

      const refuse = (orders: ReadonlyArray<Batch.Order>, reason: string) => {
        for (const { job, settle } of orders) {
          settle(Effect.fail(new ThreadEnded({ job: job.id, reason })))
        }
      }

      /** Retries orders; those that were lost together are retried separately. */
      const again = (orders: ReadonlyArray<Batch.Order>, reason: string, isAlone: boolean) => {
        if (closed) return refuse(orders, reason)
        for (const order of orders) order.isAlone ||= isAlone
        waiting = [...orders, ...waiting]
      }

      /** Reports the results of orders to the next orders of a batch. */
      const tell = (batch: Batch.Batch, all: ReadonlyArray<Ended>) => {
        for (const ended of all) {
          const order = batch.orders[batch.reported++]!
          if (ended._tag === "Succeeded") short.learn(order.job, ended.result)
          order.isLeft = true
          order.settle(Batch.outcomeOf(ended))
        }
      }

      const settle = (batch: Batch.Batch, answer: Batch.Answer) => {
        const { orders } = batch
        if (answer._tag === "Broken") {
          for (const order of orders) order.settle(Effect.failCause(answer.cause))
          return
        }
        if (answer._tag === "Lost") {
          if (orders.length > 1) again(orders, answer.reason, true)
          else refuse(orders, answer.reason)
          return
        }
        tell(batch, answer.ended)
        again(orders.slice(batch.reported), Batch.forAnother, true)
      }

      /** Sends orders behind those in `batches`. */
      const give = (
        thread: Thread,
        batches: Array<Batch.Batch>,
        orders: ReadonlyArray<Batch.Order>,
      ) => {
        const batch = Batch.of(thread, orders)
        batches.push(batch)
        const only = Batch.onlyInstance(orders[0]!.job)
        if (only !== undefined) knowing.set(only, thread)
        return Effect.suspend(() =>
          thread.send(BatchSize.messageOf(orders.map(({ job }) => job))),
        ).pipe(
          Effect.orDie,
          Effect.catchCause((cause) => {
            batches.splice(batches.indexOf(batch), 1)
            return Deferred.succeed(batch.answer, { _tag: "Broken", cause })
          }),
          Effect.as(batch),
        )
      }

      const answerOf = (batch: Batch.Batch): Effect.Effect<Batch.Answer> => {
        const most = Batch.patience(batch.orders)
        const answer = Deferred.await(batch.answer)
        if (most === undefined) return answer
        const late: Batch.Answer =
          batch.orders.length > 1
            ? { _tag: "Lost", reason: Batch.forAnother }
            : { _tag: "Answered", ended: [Batch.cut] }
        return Effect.timeoutOrElse(answer, {
          duration: most,
          orElse: () => Effect.as(end(batch.thread), late),
        })
      }

      /** Short cases to queue behind a batch, so that its thread does not wait for the next ones. */
      const later = ({ orders, thread }: Batch.Batch): ReadonlyArray<Batch.Order> => {
        const follower = waiting.find(({ isLeft }) => !isLeft)
        if (orders.length === 1 || follower === undefined || follower.isAlone) return []
        return short.fitting(follower.job) > 1 ? next(thread) : []
      }

      /** Keeps a thread busy by sending the next orders before finished ones are reported. */
      const serve = Effect.fnUntraced(function* (first: ReadonlyArray<Batch.Order>) {
        const thread = idle.pop() ?? (yield* spawn(capabilities, mayHold, forget))
        living.add(thread)
        if (closed) {
          yield* end(thread)
          return refuse(first, "its pool is closed")
        }
        const batches: Array<Batch.Batch> = []
        thread.hear = Batch.onMessage(batches, tell)
        let batch: Batch.Batch | undefined = yield* give(thread, batches, first)
        let behind: Batch.Batch | undefined
        batch.begin()
        while (batch !== undefined) {
          const answer: Batch.Answer = yield* answerOf(batch)
          const done: Batch.Batch = batch
          done.leave()
          batch = behind
          behind = undefined
          if (
            answer._tag === "Answered" &&
            answer.ended.every(Batch.isSound) &&
            living.has(thread)
          ) {
            const orders: ReadonlyArray<Batch.Order> =
              batch !== undefined || closed ? [] : next(thread)
            if (orders.length > 0) batch = yield* give(thread, batches, orders)
            const more: ReadonlyArray<Batch.Order> =
              batch === undefined || closed ? [] : later(batch)
            if (more.length > 0) behind = yield* give(thread, batches, more)
            if (batch === undefined) {
              thread.hear = unheard
              idle.push(thread)
            }
            // who is reported may leave the next orders at once
            batch?.begin()
            settle(done, answer)
          } else {
            settle(done, answer)
            if (batch !== undefined) again(batch.orders, Batch.forAnother, false)
            batch = undefined
            yield* end(thread)
          }
        }
      })

      /** Starts as many threads as there are orders. */
      const pump = () => {
        if (closed) return
        while (serving.size < count) {
          const orders = next(idle.at(-1))
          if (orders.length === 0) return
          const fiber = fork(
            Effect.catchCause(serve(orders), (cause) =>
              Effect.sync(() => orders.forEach((order) => order.settle(Effect.failCause(cause)))),
            ),
          )
          serving.add(fiber)
          fiber.addObserver(() => {
            serving.delete(fiber)
            pump()
          })
        }
      }

      yield* Effect.addFinalizer(() =>
        Effect.gen(function* () {
          closed = true
          yield* Effect.forEach([...living], end, { concurrency: "unbounded", discard: true })
          yield* Effect.forEach([...serving], Fiber.await, { discard: true })
          refuse(waiting.splice(0), "its pool is closed")
        }),
      )

      /** Ends the thread of a job that no one waits for, unless others wait. */
      const leave = (order: Batch.Order) =>
        Effect.suspend(() => {
          order.isLeft = true
          const { batch } = order
          if (batch?.hasBegun !== true || !batch.orders.every(({ isLeft }) => isLeft))
            return Effect.void
          batch.leave()
          return end(batch.thread)
        })

      return Compute.of({
        name: `${count} thread${count === 1 ? "" : "s"}`,
        size: count,
        perform: Effect.fnUntraced(function* (
          system: Home,
          of: JobOf,
          onProgress: (progress: Progress) => void = () => undefined,
        ) {
          const job: Job = {
            ...of,
            system: { ...refOf(system), module: yield* portable(system, of) },
          }
          const watch = yield* Watch
          return yield* Effect.callback<Result, JobFailure>((resume) => {
            const order: Batch.Order = {
              job,
              onProgress,
              settle: resume,
              began: () => watch(of),
              isLeft: false,
              isAlone: false,
            }
            if (closed) refuse([order], "its pool is closed")
            else {
              waiting.push(order)
              pump()
            }
            return leave(order)
          })
        }),
      })
    }),
  )
