import type { System } from "@nonconvex/evidence/System"
import { type Cause, Deferred, Effect, Fiber, Layer, Schema } from "effect"
import type { Capabilities } from "../Capabilities.ts"
import { Compute, type JobOf, refOf, Watch } from "../Compute.ts"
import {
  type Ended,
  type Job,
  type JobFailure,
  Message,
  type Progress,
  type Result,
  ThreadEnded,
} from "../Job.ts"
import { portable } from "./Portable.ts"
import * as Short from "./Short.ts"
import { spawn, type Thread, unheard } from "./Thread.ts"

/** A job, and who waits for what it comes to. */
interface Order {
  readonly job: Job
  readonly onProgress: (progress: Progress) => void
  readonly settle: (outcome: Effect.Effect<Result, JobFailure>) => void
  /** Tells the watch that it has a thread, or, called again, that it has left it. */
  readonly began: () => () => void
  /** Nobody waits for it any more. */
  isLeft: boolean
  /** Once a batch that it was in was lost with its thread, it is done by itself. */
  isAlone: boolean
  /** Where it is under way. */
  lane?: Lane
}

/** What a thread is at. */
interface Lane {
  readonly thread: Thread
  readonly orders: ReadonlyArray<Order>
  /** Tells the watch that the thread has left them. */
  readonly leave: () => void
  readonly answer: Deferred.Deferred<Answer>
}

/** How each order ended, why the thread did, or what is wrong with the program. */
type Answer =
  | { readonly _tag: "Answered"; readonly ended: ReadonlyArray<Ended> }
  | { readonly _tag: "Lost"; readonly reason: string }
  | { readonly _tag: "Broken"; readonly cause: Cause.Cause<never> }

/**
 * Milliseconds that a search may exceed its budget before its thread is ended: the time to load a system, and one long run.
 *
 * A run that never ends, or a filter that refuses every instance, can be stopped in no other way.
 */
const grace = 3000

const cut: Ended = {
  _tag: "Succeeded",
  result: { _tag: "Searched", attempt: { margins: [], interrupted: true }, seconds: 0 },
}

/** Milliseconds after which orders are ended; none of most. */
const patience = (orders: ReadonlyArray<Order>): number | undefined => {
  const { job } = orders[0]!
  if (orders.length > 1) return Short.patience
  const isSearch = job._tag === "SearchClaim" || job._tag === "SearchErratum"
  return isSearch && job.search.budget !== undefined ? job.search.budget + grace : undefined
}

const outcomeOf = (ended: Ended): Effect.Effect<Result, JobFailure> =>
  ended._tag === "Succeeded" ? Effect.succeed(ended.result) : Effect.fail(ended.failure)

/** A case that throws leaves its thread as it was; what else goes wrong may not. */
const isSound = (ended: Ended): boolean =>
  ended._tag === "Succeeded" || ended.failure._tag === "CaseFailed"

/** Listens to a thread that is about to be sent these orders. */
const listening = (thread: Thread, orders: ReadonlyArray<Order>): Lane => {
  // of a batch only one case is under way at a time
  const leaves = orders[0]!.began()
  let isLeft = false
  const lane: Lane = {
    thread,
    orders,
    answer: Deferred.makeUnsafe<Answer>(),
    leave: () => {
      if (isLeft) return
      isLeft = true
      leaves()
      for (const order of orders.slice(1)) order.began()()
    },
  }
  const answer = (answered: Answer) => {
    thread.hear = unheard
    Deferred.doneUnsafe(lane.answer, Effect.succeed(answered))
  }
  for (const order of orders) order.lane = lane
  thread.hear = (reply) => {
    switch (reply._tag) {
      case "Progressed":
        return orders[0]!.onProgress(reply.progress)
      case "Batched":
        return answer({ _tag: "Answered", ended: reply.ended })
      case "Succeeded":
      case "Failed":
        return answer({ _tag: "Answered", ended: [reply] })
      case "Ended":
        return answer({ _tag: "Lost", reason: reply.reason })
    }
  }
  return lane
}

/**
 * A pool of `size` threads, at least one, each started when it is first needed, with the capabilities of a description. The thread that
 * composes stays free, so progress is drawn and Ctrl-C is heard while they work.
 *
 * Interrupting a job ends its thread at once, and the next job starts a fresh one. A thread that ends fails its own job and no other. Short
 * cases of an experiment that wait together go to a thread together. When the layer closes, every thread ends, and jobs that are still
 * under way or waiting fail.
 */
export const layer = (size: number, capabilities: Capabilities): Layer.Layer<Compute> =>
  Layer.effect(
    Compute,
    Effect.gen(function* () {
      const count = Math.max(1, Math.floor(size))
      const fork = Effect.runForkWith(yield* Effect.context())
      const short = Short.make()
      const living = new Set<Thread>()
      const idle: Array<Thread> = []
      const serving = new Set<Fiber.Fiber<void>>()
      let waiting: Array<Order> = []
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

      /** The orders that come next: one, or short cases that wait behind it. */
      const next = (): ReadonlyArray<Order> => {
        while (waiting[0]?.isLeft === true) waiting.shift()
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

      const refuse = (orders: ReadonlyArray<Order>, reason: string) => {
        for (const { job, settle } of orders) {
          settle(Effect.fail(new ThreadEnded({ job: job.id, reason })))
        }
      }

      /** Gives orders that were lost with others another try, each by itself. */
      const again = (orders: ReadonlyArray<Order>, reason: string) => {
        if (closed) return refuse(orders, reason)
        for (const order of orders) order.isAlone = true
        waiting = [...orders, ...waiting]
      }

      const settle = ({ orders }: Lane, answer: Answer) => {
        if (answer._tag === "Broken") {
          for (const { settle: tell } of orders) tell(Effect.failCause(answer.cause))
          return
        }
        if (answer._tag === "Lost") {
          if (orders.length > 1) again(orders, answer.reason)
          else refuse(orders, answer.reason)
          return
        }
        for (const [place, ended] of answer.ended.entries()) {
          const { job, settle: tell } = orders[place]!
          if (ended._tag === "Succeeded") short.learn(job, ended.result)
          tell(outcomeOf(ended))
        }
        again(orders.slice(answer.ended.length), "its thread was ended")
      }

      const send = ({ answer, orders, thread }: Lane) =>
        Effect.suspend(() =>
          thread.send(Schema.encodeSync(Message)(Short.messageOf(orders.map(({ job }) => job)))),
        ).pipe(
          Effect.orDie,
          Effect.catchCause((cause) => Deferred.succeed(answer, { _tag: "Broken", cause })),
        )

      const answerOf = (lane: Lane): Effect.Effect<Answer> => {
        const most = patience(lane.orders)
        const answer = Deferred.await(lane.answer)
        if (most === undefined) return answer
        const late: Answer =
          lane.orders.length > 1
            ? { _tag: "Lost", reason: "its thread was ended" }
            : { _tag: "Answered", ended: [cut] }
        return Effect.timeoutOrElse(answer, {
          duration: most,
          orElse: () => Effect.as(end(lane.thread), late),
        })
      }

      /** Keeps a thread at work while there is any, each time with the next orders before it tells of those that have ended. */
      const serve = Effect.fnUntraced(function* (first: ReadonlyArray<Order>) {
        const thread = idle.pop() ?? (yield* spawn(capabilities, forget))
        living.add(thread)
        if (closed) {
          yield* end(thread)
          return refuse(first, "its pool is closed")
        }
        let lane: Lane | undefined = listening(thread, first)
        yield* send(lane)
        while (lane !== undefined) {
          const answer: Answer = yield* answerOf(lane)
          const ended: Lane = lane
          ended.leave()
          const isSoundStill: boolean =
            answer._tag === "Answered" && answer.ended.every(isSound) && living.has(thread)
          const orders: ReadonlyArray<Order> = isSoundStill && !closed ? next() : []
          lane = orders.length === 0 ? undefined : listening(thread, orders)
          if (lane !== undefined) yield* send(lane)
          else if (isSoundStill) idle.push(thread)
          settle(ended, answer)
          if (!isSoundStill) yield* end(thread)
        }
      })

      /** Puts threads to work, as many as there are orders. */
      const pump = () => {
        if (closed) return
        while (serving.size < count) {
          const orders = next()
          if (orders.length === 0) return
          const fiber = fork(
            Effect.catchCause(serve(orders), (cause) =>
              Effect.sync(() =>
                orders.forEach(({ settle: tell }) => tell(Effect.failCause(cause))),
              ),
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

      /** Of the thread of a job that nobody waits for: it is ended, unless others do wait. */
      const leave = (order: Order) =>
        Effect.suspend(() => {
          order.isLeft = true
          const { lane } = order
          if (lane === undefined || !lane.orders.every(({ isLeft }) => isLeft)) return Effect.void
          lane.leave()
          return end(lane.thread)
        })

      return Compute.of({
        name: `${count} thread${count === 1 ? "" : "s"}`,
        size: count,
        perform: Effect.fnUntraced(function* (
          system: System,
          of: JobOf,
          onProgress: (progress: Progress) => void = () => undefined,
        ) {
          const job: Job = {
            ...of,
            system: { ...refOf(system), module: yield* portable(system, of) },
          }
          const watch = yield* Watch
          return yield* Effect.callback<Result, JobFailure>((resume) => {
            const order: Order = {
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
