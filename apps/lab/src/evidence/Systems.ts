import type { System } from "@nonconvex/evidence/System"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createRequire } from "node:module"
import { papers } from "./Composition.ts"
import { entryOf, type SystemEntry } from "./SystemEntry.ts"

/** Systems available to the lab. It accesses them only through `System`. */
export class Systems extends Context.Service<
  Systems,
  {
    /** All systems. An effect, because it loads a thousand modules: a command that needs none does not wait for them. */
    readonly all: Effect.Effect<ReadonlyArray<System>>
    /** System with this id, loaded without the others; undefined if there is none. */
    readonly one: (id: string) => Effect.Effect<System | undefined>
    /** Entries of all systems, without loading them. */
    readonly listed: Effect.Effect<ReadonlyArray<SystemEntry>>
  }
>()("@nonconvex/lab/Systems") {
  /**
   * The seven systems of the project. Their list is a file, because loading a thousand modules only to count them takes half
   * a second; a test checks it.
   */
  static readonly layer: Layer.Layer<Systems> = Layer.succeed(Systems, {
    all: Effect.promise(async () => {
      const modules = await Promise.all(Array.from(papers.values(), (load) => load()))
      return modules.map(({ system }) => system)
    }),
    one: (id) => Effect.promise(async () => (await papers.get(id)?.())?.system),
    listed: Effect.sync(
      () =>
        createRequire(import.meta.url)("@nonconvex/lab/systems.json") as ReadonlyArray<SystemEntry>,
    ),
  })

  /** Your own systems, instead of ours or in addition. */
  static readonly layerOf = (systems: ReadonlyArray<System>): Layer.Layer<Systems> =>
    Layer.succeed(Systems, {
      all: Effect.succeed(systems),
      one: (id) => Effect.succeed(systems.find((system) => system.id === id)),
      listed: Effect.succeed(systems.map(entryOf)),
    })
}

/** All systems. */
export const allSystems: Effect.Effect<ReadonlyArray<System>, never, Systems> = Effect.flatMap(
  Systems,
  (systems) => systems.all,
)

/** Entries of the systems. */
export const listed: Effect.Effect<ReadonlyArray<SystemEntry>, never, Systems> = Effect.flatMap(
  Systems,
  (systems) => systems.listed,
)
