/** The seam between plain functions, which throw, and effects, which fail. */
import { InvalidInput } from "@nonconvex/numerics"
import { Effect } from "effect"

/** A throw of InvalidInput as a failure; anything else is a defect. */
export const checked = <A>(evaluate: () => A): Effect.Effect<A, InvalidInput> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(evaluate())
    } catch (cause) {
      return cause instanceof InvalidInput ? Effect.fail(cause) : Effect.die(cause)
    }
  })
