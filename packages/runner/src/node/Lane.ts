/** State of a thread of a pool, and its waiters. */
import { type Cause, Deferred, Effect } from "effect"
import type { Ended, Job, Progress, Result } from "../Job.ts"
import type { JobFailure } from "../JobFailure.ts"
import * as Short from "./Short.ts"
import type { Thread } from "./Thread.ts"

/** A job and the receivers of its result. */
export interface Order {
  readonly job: Job
  readonly onProgress: (progress: Progress) => void
  readonly settle: (outcome: Effect.Effect<Result, JobFailure>) => void
  /** Reports to the watch that it got a thread, or, at the second call, that it left it. */
  readonly began: () => () => void
  /** True if no one waits for it any longer. */
  isLeft: boolean
  /** True after a batch with it was lost with its thread; it is then run separately. */
  isAlone: boolean
  /** Lane in which it is running. */
  lane?: Lane
}

/** Lane: the current order of a thread, and those sent ahead. */
export interface Lane {
  readonly thread: Thread
  readonly orders: ReadonlyArray<Order>
  /** Called when its turn comes. */
  readonly begin: () => void
  /** Reports to the watch that they left the thread. */
  readonly leave: () => void
  readonly answer: Deferred.Deferred<Answer>
  hasBegun: boolean
  /** Number of its orders whose end has been reported. */
  reported: number
}

/** Answer: the end of each newly finished order, the end of the thread, or an error of the program. */
export type Answer =
  | { readonly _tag: "Answered"; readonly ended: ReadonlyArray<Ended> }
  | { readonly _tag: "Lost"; readonly reason: string }
  | { readonly _tag: "Broken"; readonly cause: Cause.Cause<never> }

/**
 * Milliseconds by which a search may exceed its budget before its thread is ended: time to load a system, and one long run.
 *
 * There is no other way to stop a run that never ends, or a filter that rejects every instance.
 */
const grace = 3000

/** Reason for orders lost because their thread was ended for another one. */
export const forAnother = "its thread was terminated"

export const cut: Ended = {
  _tag: "Succeeded",
  result: {
    _tag: "Searched",
    attempt: { margins: new Float64Array(0), interrupted: true },
    seconds: 0,
  },
}

/** Milliseconds after which orders are ended; for most, none. */
export const patience = (orders: ReadonlyArray<Order>): number | undefined => {
  const { job } = orders[0]!
  if (orders.length > 1) return Short.patience
  const isSearch = job._tag === "SearchClaim" || job._tag === "SearchErratum"
  return isSearch && job.search.budget !== undefined ? job.search.budget + grace : undefined
}

/** Claim whose single instance a job inspects: its cached computation also serves the controls. */
export const onlyInstance = (job: Job): string | undefined =>
  job._tag === "SearchClaim" && job.search.runs === 1 ? `${job.system.module} ${job.id}` : undefined

export const outcomeOf = (ended: Ended): Effect.Effect<Result, JobFailure> =>
  ended._tag === "Succeeded" ? Effect.succeed(ended.result) : Effect.fail(ended.failure)

/** A case that throws leaves its thread intact; other failures may not. */
export const isSound = (ended: Ended): boolean =>
  ended._tag === "Succeeded" || ended.failure._tag === "CaseFailed"

export const of = (thread: Thread, orders: ReadonlyArray<Order>): Lane => {
  let leaves: (() => void) | undefined
  const lane: Lane = {
    thread,
    orders,
    answer: Deferred.makeUnsafe<Answer>(),
    hasBegun: false,
    reported: 0,
    begin: () => {
      lane.hasBegun = true
      // of a batch only one case is under way at a time
      leaves = orders[0]!.began()
    },
    leave: () => {
      if (leaves === undefined) return
      leaves()
      leaves = undefined
      for (const order of orders.slice(1)) order.began()()
    },
  }
  for (const order of orders) order.lane = lane
  return lane
}

/** Passes messages of a thread to the first of its lanes, which run in order; `tell` reports orders that end before others of their lane. */
export const hearing =
  (lanes: Array<Lane>, tell: (lane: Lane, ended: ReadonlyArray<Ended>) => void): Thread["hear"] =>
  (reply) => {
    const answer = (answered: Answer) => {
      const lane = lanes.shift()
      if (lane !== undefined) Deferred.doneUnsafe(lane.answer, Effect.succeed(answered))
    }
    switch (reply._tag) {
      case "Progressed":
        return lanes[0]?.orders[0]!.onProgress(reply.progress)
      case "Batched":
        if (reply.isLast) return answer({ _tag: "Answered", ended: reply.ended })
        return lanes[0] === undefined ? undefined : tell(lanes[0], reply.ended)
      case "Succeeded":
      case "Failed":
        return answer({ _tag: "Answered", ended: [reply] })
      case "Ended":
        while (lanes.length > 0) answer({ _tag: "Lost", reason: reply.reason })
    }
  }
