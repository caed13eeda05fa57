/** Runs checks side by side, each as soon as those it waits for have ended. */
import type { Check, Outcome } from "./Check.ts"
import { failed } from "./Check.ts"

export interface Result {
  readonly check: Check
  readonly outcome: Outcome
  readonly seconds: number
}

const timed = async (check: Check, root: string): Promise<Result> => {
  const start = performance.now()
  // A check that throws has found that it cannot decide, which is a failure with a reason.
  const outcome = await check
    .run(root)
    .catch((error: unknown) => failed(error instanceof Error ? String(error.stack) : String(error)))
  return { check, outcome, seconds: (performance.now() - start) / 1000 }
}

/**
 * Runs `checks` in their order, at most `limit` at a time, and tells each result as it comes. A check
 * that waits for one outside of `checks` waits for nothing.
 */
export const run = async (
  checks: ReadonlyArray<Check>,
  root: string,
  limit: number,
  tell: (result: Result) => void,
): Promise<ReadonlyArray<Result>> => {
  const waiting = [...checks]
  const unfinished = new Set(checks.map((check) => check.name))
  const running = new Set<Promise<void>>()
  const results: Array<Result> = []
  const start = (check: Check): void => {
    const job = timed(check, root).then((result) => {
      results.push(result)
      unfinished.delete(check.name)
      running.delete(job)
      tell(result)
    })
    running.add(job)
  }
  while (waiting.length > 0 || running.size > 0) {
    const next = waiting.findIndex((check) =>
      (check.after ?? []).every((name) => !unfinished.has(name)),
    )
    if (next >= 0 && running.size < limit) start(waiting.splice(next, 1)[0]!)
    else if (running.size > 0) await Promise.race(running)
    else throw new Error(`each waits for another: ${waiting.map((c) => c.name).join(", ")}`)
  }
  return results
}
