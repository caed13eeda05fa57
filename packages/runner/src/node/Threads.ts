import type { Home } from "@nonconvex/evidence/System"
import { Deferred, Effect, Fiber, Layer } from "effect"
import { totalmem } from "node:os"
import process from "node:process"
import type { Capabilities } from "../Capabilities.ts"
import { Compute, type JobOf, Watch } from "../Compute.ts"
import type { Ended, Job, Progress, Result } from "../Job.ts"
import { type JobFailure, ThreadEnded } from "../JobFailure.ts"
import * as Lane from "./Lane.ts"
import { portable } from "./Portable.ts"
import * as Short from "./Short.ts"
import { spawn, type Thread, unheard } from "./Thread.ts"
import { refOf } from "../JobReference.ts"

/** Limits of a thread. */
interface Limits {
  /** Maximum bytes of the thread; by default its share of three quarters of the machine's memory, and at least 2 GiB. */
  readonly bytes?: number
}

const bytesOf = (count: number): number => {
  const all = Math.min(process.constrainedMemory() || Infinity, totalmem())
  return Math.max(2 ** 31, (0.75 * all) / count)
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
 * import * as Capabilities from "@nonconvex/runner/Capabilities"
 * import * as Threads from "@nonconvex/runner/node/Threads"
 * import { Effect } from "effect"
 *
 * const pool = Threads.layer(2, Capabilities.standard)
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
      const mayHold = bytes ?? bytesOf(count)
      const fork = Effect.runForkWith(yield* Effect.context())
      const short = Short.make()
      const living = new Set<Thread>()
      const idle: Array<Thread> = []
      const serving = new Set<Fiber.Fiber<void>>()
      /** Thread that has tried the one instance of a claim. */
      const knowing = new Map<string, Thread>()
      let waiting: Array<Lane.Order> = []
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
      const isKnownElsewhere = ({ job }: Lane.Order, thread: Thread | undefined): boolean => {
        const only = Lane.onlyInstance(job)
        const known = only === undefined ? undefined : knowing.get(only)
        return known !== undefined && known !== thread && living.has(known)
      }

      /** Next orders for a thread: one, or short cases that wait behind it. */
      const next = (thread: Thread | undefined): ReadonlyArray<Lane.Order> => {
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
          if (isAlone || isLeft || !Short.isAlike(first.job, job)) break
          until++
        }
        return waiting.splice(0, until)
      }

      const refuse = (orders: ReadonlyArray<Lane.Order>, reason: string) => {
        for (const { job, settle } of orders) {
          settle(Effect.fail(new ThreadEnded({ job: job.id, reason })))
        }
      }

      /** Retries orders; those that were lost together are retried separately. */
      const again = (orders: ReadonlyArray<Lane.Order>, reason: string, isAlone: boolean) => {
        if (closed) return refuse(orders, reason)
        for (const order of orders) order.isAlone ||= isAlone
        waiting = [...orders, ...waiting]
      }

      /** Reports the results of orders to the next orders of a lane. */
      const tell = (lane: Lane.Lane, all: ReadonlyArray<Ended>) => {
        for (const ended of all) {
          const order = lane.orders[lane.reported++]!
          if (ended._tag === "Succeeded") short.learn(order.job, ended.result)
          order.isLeft = true
          order.settle(Lane.outcomeOf(ended))
        }
      }

      const settle = (lane: Lane.Lane, answer: Lane.Answer) => {
        const { orders } = lane
        if (answer._tag === "Broken") {
          for (const order of orders) order.settle(Effect.failCause(answer.cause))
          return
        }
        if (answer._tag === "Lost") {
          if (orders.length > 1) again(orders, answer.reason, true)
          else refuse(orders, answer.reason)
          return
        }
        tell(lane, answer.ended)
        again(orders.slice(lane.reported), Lane.forAnother, true)
      }

      /** Sends orders behind those in `lanes`. */
      const give = (thread: Thread, lanes: Array<Lane.Lane>, orders: ReadonlyArray<Lane.Order>) => {
        const lane = Lane.of(thread, orders)
        lanes.push(lane)
        const only = Lane.onlyInstance(orders[0]!.job)
        if (only !== undefined) knowing.set(only, thread)
        return Effect.suspend(() =>
          thread.send(Short.messageOf(orders.map(({ job }) => job))),
        ).pipe(
          Effect.orDie,
          Effect.catchCause((cause) => {
            lanes.splice(lanes.indexOf(lane), 1)
            return Deferred.succeed(lane.answer, { _tag: "Broken", cause })
          }),
          Effect.as(lane),
        )
      }

      const answerOf = (lane: Lane.Lane): Effect.Effect<Lane.Answer> => {
        const most = Lane.patience(lane.orders)
        const answer = Deferred.await(lane.answer)
        if (most === undefined) return answer
        const late: Lane.Answer =
          lane.orders.length > 1
            ? { _tag: "Lost", reason: Lane.forAnother }
            : { _tag: "Answered", ended: [Lane.cut] }
        return Effect.timeoutOrElse(answer, {
          duration: most,
          orElse: () => Effect.as(end(lane.thread), late),
        })
      }

      /** Short cases to queue behind a batch, so that its thread does not wait for the next ones. */
      const later = ({ orders, thread }: Lane.Lane): ReadonlyArray<Lane.Order> => {
        const follower = waiting.find(({ isLeft }) => !isLeft)
        if (orders.length === 1 || follower === undefined || follower.isAlone) return []
        return short.fitting(follower.job) > 1 ? next(thread) : []
      }

      /** Keeps a thread busy by sending the next orders before finished ones are reported. */
      const serve = Effect.fnUntraced(function* (first: ReadonlyArray<Lane.Order>) {
        const thread = idle.pop() ?? (yield* spawn(capabilities, mayHold, forget))
        living.add(thread)
        if (closed) {
          yield* end(thread)
          return refuse(first, "its pool is closed")
        }
        const lanes: Array<Lane.Lane> = []
        thread.hear = Lane.hearing(lanes, tell)
        let lane: Lane.Lane | undefined = yield* give(thread, lanes, first)
        let behind: Lane.Lane | undefined
        lane.begin()
        while (lane !== undefined) {
          const answer: Lane.Answer = yield* answerOf(lane)
          const done: Lane.Lane = lane
          done.leave()
          lane = behind
          behind = undefined
          if (
            answer._tag === "Answered" &&
            answer.ended.every(Lane.isSound) &&
            living.has(thread)
          ) {
            const orders: ReadonlyArray<Lane.Order> =
              lane !== undefined || closed ? [] : next(thread)
            if (orders.length > 0) lane = yield* give(thread, lanes, orders)
            const more: ReadonlyArray<Lane.Order> = lane === undefined || closed ? [] : later(lane)
            if (more.length > 0) behind = yield* give(thread, lanes, more)
            if (lane === undefined) {
              thread.hear = unheard
              idle.push(thread)
            }
            // who is reported may leave the next orders at once
            lane?.begin()
            settle(done, answer)
          } else {
            settle(done, answer)
            if (lane !== undefined) again(lane.orders, Lane.forAnother, false)
            lane = undefined
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
      const leave = (order: Lane.Order) =>
        Effect.suspend(() => {
          order.isLeft = true
          const { lane } = order
          if (lane?.hasBegun !== true || !lane.orders.every(({ isLeft }) => isLeft))
            return Effect.void
          lane.leave()
          return end(lane.thread)
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
            const order: Lane.Order = {
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
