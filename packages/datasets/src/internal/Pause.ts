/** Pauses in long work, so that other work can run. */
import { Effect } from "effect"

/** Lets signals such as Ctrl-C through: the event loop polls the system after two turns at the latest. */
export const pause: Effect.Effect<void> = Effect.andThen(Effect.yieldNow, Effect.yieldNow)
