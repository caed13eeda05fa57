import type { System } from "@nonconvex/evidence/System"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Capability } from "../cli/Capable.ts"

/**
 * The systems that the lab works on, composed over the capabilities of the command. It sees nothing of them but `System`.
 *
 * An effect, for composing loads them: a command that needs none does not wait for it.
 */
export class Systems extends Context.Service<
  Systems,
  Effect.Effect<ReadonlyArray<System>, never, Capability>
>()("@nonconvex/lab/Systems") {
  /** The seven of the project. */
  static readonly layer: Layer.Layer<Systems> = Layer.succeed(
    Systems,
    Effect.flatMap(
      Effect.promise(() => import("./Composition.ts")),
      ({ systems }) => systems,
    ),
  )

  /** Systems of your own, instead of or beside ours. */
  static readonly layerOf = (systems: ReadonlyArray<System>): Layer.Layer<Systems> =>
    Layer.succeed(Systems, Effect.succeed(systems))
}

/** The systems, composed over the capabilities of the command. */
export const composed: Effect.Effect<
  ReadonlyArray<System>,
  never,
  Systems | Capability
> = Effect.flatMap(Systems, (systems) => systems)
