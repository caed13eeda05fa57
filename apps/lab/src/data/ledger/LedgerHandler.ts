import { LedgerDamaged } from "@nonconvex/dp-lowrank"
import { inspectLedger, recoverLedger } from "@nonconvex/dp-lowrank/node"
import { Effect } from "effect"
import { reported } from "../../cli/Failure.ts"
import * as Output from "../../cli/Output.ts"
import type { Input } from "./LedgerFlags.ts"
import * as LedgerReport from "./LedgerReport.ts"

/** Prints the content of a ledger, after a repair if one was requested. Fails with LedgerDamaged where a spend is lost. */
export const handle = Effect.fn("ledger")(function* ({ copies, json, path, recover }: Input) {
  const found = yield* recover ? recoverLedger(path, copies) : inspectLedger(path, copies)
  const report = LedgerReport.make(found, recover)
  yield* json
    ? Output.json(LedgerReport.LedgerReport, report)
    : Output.text(LedgerReport.render(report))
  if (found.reason !== undefined) {
    return yield* new LedgerDamaged({ path: found.path, reason: found.reason })
  }
}, reported)
