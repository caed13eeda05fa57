import type { System } from "@nonconvex/evidence/System"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createRequire } from "node:module"
import type { Capability } from "../cli/Capable.ts"
import { entryOf, type SystemEntry } from "./SystemEntry.ts"

/** The systems that the lab works on. It sees nothing of them but `System`. */
export class Systems extends Context.Service<
  Systems,
  {
    /** Composed over the capabilities of the command. An effect, for composing loads them: a command that needs none does not wait for it. */
    readonly composed: Effect.Effect<ReadonlyArray<System>, never, Capability>
    /** Entries of all systems, without loading them. */
    readonly listed: Effect.Effect<ReadonlyArray<SystemEntry>>
  }
>()("@nonconvex/lab/Systems") {
  /** The seven of the project. Their list is a file, for composing a thousand modules only to count them takes half a second; a test holds it to them. */
  static readonly layer: Layer.Layer<Systems> = Layer.succeed(Systems, {
    composed: Effect.flatMap(
      Effect.promise(() => import("./Composition.ts")),
      ({ systems }) => systems,
    ),
    listed: Effect.sync(
      () =>
        createRequire(import.meta.url)("@nonconvex/lab/systems.json") as ReadonlyArray<SystemEntry>,
    ),
  })

  /** Systems of your own, instead of or beside ours. */
  static readonly layerOf = (systems: ReadonlyArray<System>): Layer.Layer<Systems> =>
    Layer.succeed(Systems, {
      composed: Effect.succeed(systems),
      listed: Effect.succeed(systems.map(entryOf)),
    })
}

/** The systems, composed over the capabilities of the command. */
export const composed: Effect.Effect<
  ReadonlyArray<System>,
  never,
  Systems | Capability
> = Effect.flatMap(Systems, (systems) => systems.composed)

/** Entries of the systems. */
export const listed: Effect.Effect<ReadonlyArray<SystemEntry>, never, Systems> = Effect.flatMap(
  Systems,
  (systems) => systems.listed,
)
