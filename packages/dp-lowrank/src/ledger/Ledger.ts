/**
 * What was spent of the privacy budget of a data set, on the disk before any noise is drawn.
 *
 * The budget is one (epsilon, delta) for all releases together. Gaussian releases compose exactly, so they are added up as mu^2, and the
 * total is compared with the budget once; that is what `spend` refuses to overspend.
 */
import * as Seam from "@nonconvex/numerics/Seam"
import { InvalidInput } from "@nonconvex/numerics/InvalidInput"
import { Effect, FileSystem, Path } from "effect"
import type { GridPlan } from "../release/GridPlan.ts"
import { BudgetExceeded, LedgerExists, LedgerLocked, LedgerOfOther } from "./LedgerErrors.ts"
import * as LedgerFile from "../node/LedgerFile.ts"
import * as LedgerRecord from "./LedgerRecord.ts"
import { granted } from "../release/Permit.ts"
import { type Neighbours, requireTarget, type Target } from "../privacy/Target.ts"

export interface Account {
  readonly path: string
  /** The public name of the data that the ledger counts for. */
  readonly dataset: string
}

export interface Status {
  readonly neighbours: Neighbours
  readonly budget: Target
  /** epsilon of all releases together, at the delta of the budget. */
  readonly spentEpsilon: number
  readonly entries: ReadonlyArray<LedgerRecord.Entry>
}

/** One name for one file, so that two paths to it share a lock. */
const canonical = Effect.fnUntraced(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  const { basename, dirname, join, resolve } = yield* Path.Path
  const full = resolve(path)
  const folder = yield* fs.realPath(dirname(full)).pipe(Effect.orElseSucceed(() => dirname(full)))
  const beside = join(folder, basename(full))
  return yield* fs.realPath(beside).pipe(Effect.orElseSucceed(() => beside))
})

const openChecked = Effect.fnUntraced(function* (path: string, dataset: string) {
  const book = yield* LedgerFile.read(path)
  const recorded = book.opening.dataset
  if (recorded !== dataset) {
    return yield* new LedgerOfOther({ path, what: "data set", recorded, requested: dataset })
  }
  return book
})

/**
 * Creates a ledger with a budget. Fails with LedgerExists where one is there, LedgerDamaged where a part of one or another file is
 * there, LedgerLocked, LedgerUnusable, InvalidInput on a bad budget.
 */
export const create = Effect.fn("Ledger.create")(function* (
  { dataset, path: given }: Account,
  options: { readonly neighbours: Neighbours; readonly budget: Target },
) {
  const { budget, neighbours } = options
  yield* Seam.attempt([InvalidInput], () => requireTarget("Ledger.create", budget))
  const path = yield* canonical(given)
  yield* LedgerFile.locked(
    path,
    Effect.gen(function* () {
      if (!(yield* LedgerFile.isAbsent(path))) {
        yield* LedgerFile.read(path)
        return yield* new LedgerExists({ path })
      }
      yield* LedgerFile.clear(path)
      yield* LedgerFile.append(path, 0, LedgerRecord.opening({ dataset, neighbours, ...budget }))
    }),
  )
})

/**
 * Requires that a release fits into a budget of which `spends` are spent. Fails with BudgetExceeded. For a new ledger, ask before it is
 * created: none is left behind for a release that cannot be.
 */
export const requireRoom = (
  path: string,
  budget: Target,
  plan: Pick<GridPlan, "privacy">,
  spends: ReadonlyArray<LedgerRecord.Spend> = [],
): Effect.Effect<void, BudgetExceeded> => {
  const together = [...spends, plan.privacy]
  return LedgerRecord.fits(together, budget)
    ? Effect.void
    : Effect.fail(
        new BudgetExceeded({
          path,
          budgetEpsilon: budget.epsilon,
          budgetDelta: budget.delta,
          spentEpsilon: LedgerRecord.spentEpsilon(spends, budget),
          wouldBeEpsilon: LedgerRecord.spentEpsilon(together, budget),
        }),
      )
}

/** What the ledger holds. Fails as `spend`, but for BudgetExceeded. */
export const status = Effect.fn("Ledger.status")(function* ({ dataset, path: given }: Account) {
  const path = yield* canonical(given)
  const { entries, opening } = yield* LedgerFile.locked(path, openChecked(path, dataset))
  const budget = { epsilon: opening.epsilon, delta: opening.delta }
  return {
    neighbours: opening.neighbours,
    budget,
    spentEpsilon: LedgerRecord.spentEpsilon(entries, budget),
    entries,
  } satisfies Status
})

/**
 * Records the spend of one release and gives the permit for it. When it returns, the record has reached the disk.
 *
 * Fails with BudgetExceeded (nothing is recorded), LedgerMissing, LedgerLocked, LedgerDamaged, LedgerOfOther, LedgerUnusable.
 */
export const spend = Effect.fn("Ledger.spend")(function* (
  { dataset, path: given }: Account,
  plan: GridPlan,
  purpose: string,
) {
  const path = yield* canonical(given)
  return yield* LedgerFile.locked(
    path,
    Effect.gen(function* () {
      const book = yield* openChecked(path, dataset)
      const { delta, epsilon, neighbours } = book.opening
      if (neighbours !== plan.privacy.neighbours) {
        return yield* new LedgerOfOther({
          path,
          what: "neighbours",
          recorded: neighbours,
          requested: plan.privacy.neighbours,
        })
      }
      const budget = { epsilon, delta }
      yield* requireRoom(path, budget, plan, book.entries)
      const entry = LedgerRecord.next(book, plan, purpose)
      yield* LedgerFile.append(path, entry.entry, entry)
      // a process that slept past the end of its lock may have met another one here: the spend must be the last line
      const after = yield* openChecked(path, dataset)
      if (after.entries.at(-1)?.hash !== entry.hash) return yield* new LedgerLocked({ path })
      return granted(plan, {
        entry: entry.entry,
        budget,
        spentEpsilon: LedgerRecord.spentEpsilon(after.entries, budget),
      })
    }),
  )
})
