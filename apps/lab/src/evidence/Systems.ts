import type { System } from "@nonconvex/evidence/System"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { createRequire } from "node:module"
import { papers } from "./Composition.ts"
import type { SystemIndex } from "./SystemIndex.ts"

/** Systems available to the lab. It accesses them only through `System`. */
export class Systems extends Context.Service<
  Systems,
  {
    /** All systems. An effect, because it loads a thousand modules: a command that needs none does not wait for them. */
    readonly all: Effect.Effect<ReadonlyArray<System>>
    /** System with this id, loaded without the others; undefined if there is none. */
    readonly one: (id: string) => Effect.Effect<System | undefined>
    /** Index of all systems, without loading them. */
    readonly index: Effect.Effect<ReadonlyArray<SystemIndex>>
  }
>()("@nonconvex/lab/Systems") {
  /**
   * The seven systems of the project. Their index is a file, because loading a thousand modules only to list them takes most
   * of a second; a test compares it with them.
   */
  static readonly layer: Layer.Layer<Systems> = Layer.succeed(Systems, {
    all: Effect.promise(async () => {
      const modules = await Promise.all(Array.from(papers.values(), (load) => load()))
      return modules.map(({ system }) => system)
    }),
    one: (id) => Effect.promise(async () => (await papers.get(id)?.())?.system),
    index: Effect.sync(
      () =>
        createRequire(import.meta.url)("@nonconvex/lab/systems.json") as ReadonlyArray<SystemIndex>,
    ),
  })

  /** Your own systems, instead of ours or in addition. */
  static readonly layerOf = (systems: ReadonlyArray<System>): Layer.Layer<Systems> =>
    Layer.succeed(Systems, {
      all: Effect.succeed(systems),
      one: (id) => Effect.succeed(systems.find((system) => system.id === id)),
      index: Effect.promise(async () => {
        const { indexOf } = await import("./SystemIndex.ts")
        return systems.map(indexOf)
      }),
    })
}

/** All systems. */
export const allSystems: Effect.Effect<ReadonlyArray<System>, never, Systems> = Effect.flatMap(
  Systems,
  (systems) => systems.all,
)

/** Index of all systems. */
export const index: Effect.Effect<ReadonlyArray<SystemIndex>, never, Systems> = Effect.flatMap(
  Systems,
  (systems) => systems.index,
)
