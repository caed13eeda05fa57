/** Storage of ledgers: ordered lines that are never changed or lost. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { LedgerMissing, type StorageError } from "./LedgerErrors.ts"

/** One ledger, which may not exist yet. */
export interface StoredLedger {
  /** Canonical name of the ledger, whatever path it was opened by; for messages. */
  readonly name: string
  /** All lines, oldest first. An interrupted append that has begun counts as appended. */
  readonly lines: Effect.Effect<ReadonlyArray<string>, StorageError>
  /**
   * Appends a line if there are `count` lines now; among several writers at most one succeeds, at any speed. True once every
   * reader will see the line, even after a crash. False if the number of lines differs; nothing was changed then. Line 0
   * opens a ledger.
   */
  readonly append: (count: number, line: string) => Effect.Effect<boolean, StorageError>
}

/** Storage of a program; `LedgerFile.layer` of `@nonconvex/dp-lowrank/node` stores ledgers on disk. */
export class LedgerStorage extends Context.Service<
  LedgerStorage,
  { readonly open: (path: string) => Effect.Effect<StoredLedger> }
>()("@nonconvex/dp-lowrank/LedgerStorage") {
  /** In-memory storage for tests; its entries end with the layer. */
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
