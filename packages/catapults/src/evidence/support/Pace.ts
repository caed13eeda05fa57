/** Long runs in slices, so that progress is drawn and Ctrl-C is heard. */
import { Effect } from "effect"
import type { Outcome } from "../../descent/CatapultDescent.ts"

/** Milliseconds between two pauses. */
const slice = 20

/** Steps until the run is over; `watch` sees it after each step. */
export const finish = Effect.fnUntraced(function* <
  Run extends { readonly step: () => void; readonly outcome: () => Outcome },
>(run: Run, watch?: (run: Run) => void) {
  while (run.outcome() === "running") {
    const pause = performance.now() + slice
    while (run.outcome() === "running" && performance.now() < pause) {
      run.step()
      watch?.(run)
    }
    yield* Effect.yieldNow
  }
  return run
})

/** Calls `step` for 0, 1, ... until it returns false, or `count` times. */
export const repeat = Effect.fnUntraced(function* (count: number, step: (t: number) => boolean) {
  let t = 0
  while (t < count) {
    const pause = performance.now() + slice
    while (t < count && performance.now() < pause) {
      if (!step(t)) return t
      t++
    }
    yield* Effect.yieldNow
  }
  return t
})
