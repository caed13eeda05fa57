/** Pauses in work that nothing else waits in. */
import { Effect } from "effect"

/** Lets a signal such as Ctrl-C be heard: after one turn the loop may not have asked the system again, after two it has. */
export const pause: Effect.Effect<void> = Effect.andThen(Effect.yieldNow, Effect.yieldNow)
