/** Batches of orders: those that a thread of a pool got in one message, and their waiters. */
import { type Cause, Deferred, Effect } from "effect"
import type { Ended, Job, Progress, Result } from "../Job.ts"
import type { JobFailure } from "../JobFailure.ts"
import * as BatchSize from "./BatchSize.ts"
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
  /** Batch in which it is sent. */
  batch?: Batch
}

/** Orders that a thread got in one message, and their progress. */
export interface Batch {
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
  if (orders.length > 1) return BatchSize.patience
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

export const of = (thread: Thread, orders: ReadonlyArray<Order>): Batch => {
  let leaves: (() => void) | undefined
  const batch: Batch = {
    thread,
    orders,
    answer: Deferred.makeUnsafe<Answer>(),
    hasBegun: false,
    reported: 0,
    begin: () => {
      batch.hasBegun = true
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
  for (const order of orders) order.batch = batch
  return batch
}

/** Passes messages of a thread to the first of its batches, which run in order; `tell` reports orders that end before others of their batch. */
export const onMessage =
  (
    batches: Array<Batch>,
    tell: (batch: Batch, ended: ReadonlyArray<Ended>) => void,
  ): Thread["hear"] =>
  (reply) => {
    const answer = (answered: Answer) => {
      const batch = batches.shift()
      if (batch !== undefined) Deferred.doneUnsafe(batch.answer, Effect.succeed(answered))
    }
    switch (reply._tag) {
      case "Progressed":
        return batches[0]?.orders[0]!.onProgress(reply.progress)
      case "Batched":
        if (reply.isLast) return answer({ _tag: "Answered", ended: reply.ended })
        return batches[0] === undefined ? undefined : tell(batches[0], reply.ended)
      case "Succeeded":
      case "Failed":
        return answer({ _tag: "Answered", ended: [reply] })
      case "Ended":
        while (batches.length > 0) answer({ _tag: "Lost", reason: reply.reason })
    }
  }
