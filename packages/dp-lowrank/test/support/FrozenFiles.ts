/** A file system on which the process stands still before one of its calls. */
import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Layer, type Path } from "effect"

/** A call of the file system, or of one of its open files. */
export interface Call {
  /** Which one of all, from 0. */
  readonly index: number
  readonly name: string
  readonly parameters: ReadonlyArray<unknown>
}

type Method = (...parameters: Array<unknown>) => unknown

/** The object, before each of whose effects `before` happens. */
const waiting = <A extends object>(
  object: A,
  before: (name: string, parameters: ReadonlyArray<unknown>) => Effect.Effect<void>,
): A =>
  new Proxy(object, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key, target)
      if (Effect.isEffect(value)) return Effect.andThen(before(String(key), []), value)
      if (typeof value !== "function") return value
      return (...parameters: Array<unknown>) => {
        const result = (value as Method).apply(target, parameters)
        if (!Effect.isEffect(result)) return result
        const waited = Effect.andThen(before(String(key), parameters), result)
        return key === "open"
          ? Effect.map(waited, (file) => waiting(file as object, before))
          : waited
      }
    },
  })

/** Stands still before the first call that `isIt`; meanwhile, `rival` does what it does. */
export const freezing = (
  isIt: (call: Call) => boolean,
  rival: Effect.Effect<unknown, unknown>,
): Layer.Layer<FileSystem.FileSystem | Path.Path> => {
  let [index, isThawed] = [0, false]
  return Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) =>
      waiting(fs, (name, parameters) =>
        Effect.suspend(() => {
          if (!isIt({ index: index++, name, parameters }) || isThawed) return Effect.void
          isThawed = true
          return Effect.orDie(Effect.asVoid(rival))
        }),
      ),
    ),
  ).pipe(Layer.provideMerge(NodeServices.layer))
}

/** The call by which a spend becomes one. */
export const isCommit = ({ name }: Call): boolean => name === "rename"
