/** Groups short cases, so that a thread takes several at once. */
import type { Job, Message, Result } from "../Job.ts"

/**
 * Maximum total seconds of the cases in a message; each message costs some tenths of a millisecond, during which the thread
 * waits.
 */
const together = 0.1

/** Cases of a message. */
const most = 200

/**
 * Milliseconds for which a thread may delay the report of a finished case. It does not delay before a long case, because
 * unreported results are lost with the thread.
 */
export const untold = 20

/** Milliseconds after which a batch counts as misjudged, and its cases are done one by one. */
export const patience = 10_000

/** For each experiment, a decaying maximum of the seconds of its cases. */
export const make = () => {
  const known = new Map<string, number>()
  return {
    /** Learns from a case that has ended. */
    learn: (job: Job, result: Result): void => {
      if (job._tag !== "RunCase") return
      const before = known.get(job.id) ?? 0
      known.set(job.id, Math.max(result.seconds, 0.7 * before))
    },
    /** Number of similar cases that fit in a message. */
    fitting: (job: Job): number => {
      if (job._tag !== "RunCase" || job.resuming !== undefined) return 1
      const seconds = known.get(job.id)
      if (seconds === undefined) return 1
      return Math.max(1, Math.min(most, Math.floor(together / Math.max(seconds, 1e-6))))
    },
  }
}

/** Tests whether jobs are cases of one experiment without saved states. */
export const isAlike = (one: Job, other: Job): boolean =>
  one._tag === "RunCase" &&
  other._tag === "RunCase" &&
  other.resuming === undefined &&
  one.id === other.id &&
  one.system.module === other.system.module

/** One message for several cases. */
export const messageOf = (jobs: ReadonlyArray<Job>): Message => {
  const [first] = jobs
  if (first === undefined || jobs.length === 1) return first!
  const { id, system } = first
  const cases = jobs.flatMap((job) =>
    job._tag === "RunCase" ? [{ config: job.config, case: job.case, seed: job.seed }] : [],
  )
  return { _tag: "Batch", system, id, cases }
}
