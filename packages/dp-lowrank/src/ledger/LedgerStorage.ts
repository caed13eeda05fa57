/** Storage of ledgers: lines in order, of which none is ever changed or lost. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { LedgerMissing, type StorageError } from "./LedgerErrors.ts"

/** One ledger, whether it exists or not. */
export interface StoredLedger {
  /** The one name that it has, under whatever path it was opened; for messages. */
  readonly name: string
  /** All lines, the oldest first. What an append that was cut short has begun counts as appended. */
  readonly lines: Effect.Effect<ReadonlyArray<string>, StorageError>
  /**
   * Appends a line, if there are `count` lines now: of several writers at most one succeeds, however long each of them takes. True once
   * every reader will see the line, even after a crash; false if the number of lines differs, and nothing was changed. Line 0 begins a
   * ledger.
   */
  readonly append: (count: number, line: string) => Effect.Effect<boolean, StorageError>
}

/** The storage of a program; `LedgerFile.layer` of `@nonconvex/dp-lowrank/node` keeps ledgers on the disk. */
export class LedgerStorage extends Context.Service<
  LedgerStorage,
  { readonly open: (path: string) => Effect.Effect<StoredLedger> }
>()("@nonconvex/dp-lowrank/LedgerStorage") {
  /** In memory, for tests: the entries end with the layer. */
  static readonly layerMemory: Layer.Layer<LedgerStorage> = Layer.sync(LedgerStorage, () => {
    const ledgers = new Map<string, Array<string>>()
    const open = (path: string): StoredLedger => ({
      name: path,
      lines: Effect.suspend(() => {
        const lines = ledgers.get(path)
        return lines === undefined
          ? Effect.fail(new LedgerMissing({ path }))
          : Effect.succeed([...lines])
      }),
      append: (count, line) =>
        Effect.sync(() => {
          const lines = ledgers.get(path) ?? []
          if (lines.length !== count) return false
          ledgers.set(path, [...lines, line])
          return true
        }),
    })
    return { open: (path) => Effect.succeed(open(path)) }
  })
}
