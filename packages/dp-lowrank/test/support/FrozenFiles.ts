/** A file system on which the process stands still before one of its calls, for longer than a lock is kept for it. */
import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Layer, type Path } from "effect"
import { existsSync, utimesSync } from "node:fs"

/** What happens before call number `at`: the lock grows old, and `rival` does what it does. `calls` counts them. */
export interface Freeze {
  readonly at: number
  readonly lock: string
  readonly rival: Effect.Effect<unknown, unknown, FileSystem.FileSystem | Path.Path>
  calls: number
}

type Call = (...parameters: Array<unknown>) => unknown

/** The object, each of whose effects waits for `before`. */
const waiting = <A extends object>(object: A, before: Effect.Effect<void>): A =>
  new Proxy(object, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (Effect.isEffect(value)) return Effect.andThen(before, value)
      if (typeof value !== "function") return value
      return (...parameters: Array<unknown>) => {
        const result = (value as Call).apply(target, parameters)
        if (!Effect.isEffect(result)) return result
        const opened = Effect.map(result, (made) =>
          key === "open" ? waiting(made as object, before) : made,
        )
        return Effect.andThen(before, opened)
      }
    },
  })

export const freezing = (freeze: Freeze): Layer.Layer<FileSystem.FileSystem | Path.Path> => {
  const { at, lock, rival } = freeze
  const before = Effect.suspend(() => {
    if (freeze.calls++ !== at) return Effect.void
    if (existsSync(lock)) utimesSync(lock, 0, 0)
    return Effect.orDie(Effect.asVoid(Effect.provide(rival, NodeServices.layer)))
  })
  return Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => waiting(fs, before)),
  ).pipe(Layer.provideMerge(NodeServices.layer))
}
