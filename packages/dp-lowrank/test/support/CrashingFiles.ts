/** A file system that stops in the middle: the n-th change is not made, or half of it, and nothing happens after it. */
import { NodeServices } from "@effect/platform-node"
import { Effect, FileSystem, Layer } from "effect"

export interface Crash {
  /** Changes that are still made; undefined for a file system that never stops. */
  readonly after: number | undefined
  /** Whether half of the bytes of the last write arrive. */
  readonly torn: boolean
}

/** The object with some of its properties replaced; methods keep their private fields. */
const replacing = <A extends object>(object: A, parts: Partial<A>): A =>
  new Proxy(object, {
    get: (target, key) => {
      if (Object.hasOwn(parts, key)) return parts[key as keyof A]
      const value: unknown = Reflect.get(target, key, target)
      return typeof value === "function" ? value.bind(target) : value
    },
  })

export const crashing = ({ after, torn }: Crash) =>
  Layer.effect(
    FileSystem.FileSystem,
    Effect.map(FileSystem.FileSystem, (fs) => {
      let left = after ?? Number.POSITIVE_INFINITY
      const change = <A, E, R>(make: Effect.Effect<A, E, R>, half: Effect.Effect<unknown, E, R>) =>
        Effect.suspend(() => {
          left--
          if (left >= 0) return make
          const rest = left === -1 && torn ? half : Effect.void
          return Effect.andThen(rest, Effect.die("the machine stopped"))
        })
      return {
        ...fs,
        open: (path: string, options?: Parameters<typeof fs.open>[1]) =>
          Effect.map(fs.open(path, options), (file) =>
            replacing(file, {
              sync: change(file.sync, Effect.void),
              writeAll: (bytes: Uint8Array) =>
                change(file.writeAll(bytes), file.writeAll(bytes.subarray(0, bytes.length >> 1))),
            }),
          ),
        rename: (from: string, to: string) => change(fs.rename(from, to), Effect.void),
        truncate: (path: string, length?: number) => change(fs.truncate(path, length), Effect.void),
      }
    }),
  ).pipe(Layer.provideMerge(NodeServices.layer))
